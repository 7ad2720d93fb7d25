"""Electronic signatures. Rooms above register occasions (`occasions`) and require signatures (`requirement`)."""
