"""What the office does with an item, in the order of its year.

1. `demanding`   the demands of an item, taken from its text
2. `assigning`   交办, 增办, 改派, 撤办: which units handle it
3. `merging`     并案 and its undoing
4. `closing`     办结, 销号, 撤件
5. `carrying`    跨年度接续: what was promised goes on next year
6. `onsite`      现场意见: 研判, 交办, 反馈
7. `converting`  现场意见 that become items
"""
