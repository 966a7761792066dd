"""The front page. What each role looks at in the morning is declared in `mornings`."""
