"""What a unit and the office do about the unit's year, and what people are told.

1. `reporting`   办理总结
2. `scoring`     objections to points
3. `reading`     messages
"""
