"""Pick lists and slips as paper and spreadsheet. No Django here, and nobody's name.

`writing` turns a `PickSheet` (`content`) into bytes, `reading` takes the figures back out.
"""
