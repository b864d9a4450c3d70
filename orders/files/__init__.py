"""The supplier's order on paper, in a spreadsheet, for a machine and for a chat. No Django here.

`writing` turns an `OrderSheet` or an `OrderDifference` (`content`, `differences`) into bytes,
`reading` takes the figures back out of those bytes alone.
"""
