package client

// IdempotencyKeyHeader is for the test that holds it equal to the server's.
const IdempotencyKeyHeader = idempotencyKeyHeader

// CaptionsHeader is for the same test.
const CaptionsHeader = captionsHeader
