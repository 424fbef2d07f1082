"""The only room that opens a socket: URLs, robots, politeness, the guarded HTTP client."""
