"""Due dates on the screen: the calendar, the late list, what is owed, the bell, 重算时限."""
