"""How people come in: slips with codes, wishes to join, one-time codes, consents."""
