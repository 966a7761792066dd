"""What tests stand on: servers, databases, a district and a world to try things in. No tests."""
