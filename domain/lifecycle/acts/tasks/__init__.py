"""What a unit and the office do with a task.

1. `signing`     签收
2. `returning`   退办, 改办, 增办 asked for and decided
3. `planning`    办理方案
4. `extending`   延期
5. `meetings`    whether people were met, for those who send on
6. `urging`      催办
7. `redoing`     重新办理 after 不满意
8. `promising`   承诺事项
"""
