"""Chat lists (接龙) as text: read into entries with lines, and made out of a menu. Pure.

`reading.read_chain` is the door: text, goods, doors in; entries out, each sure, doubtful or refused, with its reasons.
"""
