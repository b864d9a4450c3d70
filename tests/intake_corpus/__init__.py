"""Files as they come from people, from broken programs and from enemies, all made by code."""
