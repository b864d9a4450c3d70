"""Orders that come as a list: pasted chat text, exports of group-buy programs, a plain sheet. One import kind for all.

`reading` makes rows of whatever came, each with a door, goods and what is doubtful; `judging` compares them with the
orders there are; `applying` places, changes and cancels through the verbs of orders.placing.
"""
