"""What the rules of 办理 say: data, access, saving, deadlines, plans. No Flask, no Redis, no templates."""
