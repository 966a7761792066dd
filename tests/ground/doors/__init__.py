"""What every address of the panel must give and withhold, role by role, over the world of tests/ground/world.py."""
