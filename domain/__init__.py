"""What the rules of 办理 say: data, scopes, deadlines, plans, statistics. No Flask, no Redis, no templates."""
