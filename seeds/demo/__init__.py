"""The Wanping round, played by real processes over HTTP."""
