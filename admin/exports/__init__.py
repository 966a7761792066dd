"""Taking lists and reports out on the screen: at once, or as a background run whose file is fetched later."""
