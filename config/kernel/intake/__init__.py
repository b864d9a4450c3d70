"""Files in: one protocol for every import, from uploaded bytes to rows a person confirms.

`reader.read_table` parses in a child process; nothing under it imports Django. The rows of an
import, their verdicts and the verbs that move it are in `models` and the modules named by verb.
"""
