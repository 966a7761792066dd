"""What becomes of a reply.

1. `steps`            the steps of a review as they are recorded, and taken back
2. `authors`          who wrote a reply does not pass it; `paper`: signatures that were given on paper; `takers`:
                      whether somebody can take each step
3. `reviewing`        送审, 通过, 退回, 正式答复
4. `countersigning`   协办会签
5. `opinions`         协办意见 sent back by the unit that leads
6. `delivering`       寄送
7. `rating`           反馈
8. `publishing`       公开
9. `revisiting`       再梳理
10. `answering_again` 再次答复
"""
