"""What the generated screens show of acts: buttons and small forms beside a row, acts on chosen rows of a list."""
