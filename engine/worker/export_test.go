package worker

// What tests from outside look at.

const MaxPayload = maxPayload

var ServeFailure = serveFailure
