"""What the end-to-end tests share: a fake upstream, the gateway's process, a raw HTTP client."""
