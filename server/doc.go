// Package server is Lectern's wire: one port on which gRPC and REST, with and
// without TLS, meet the same gRPC services.
//
// Make a server with [New], which is given the services and their REST routes
// as functions and knows neither; run it with [Server.Serve]; end it with
// [Server.Close] or by ending Serve's context.
//
//	HTTP/2, application/grpc ─────────────────────► grpc.Server ─► handlers
//	anything else ─► pages | APIs | gateway ─► direct ─► handlers
//
// A connection whose first call is gRPC is served by gRPC's own transport from then
// on; sniff tells which, after the handshake of TLS (secure). On all others net/http
// tells gRPC from the rest call by call.
//
// The gateway calls the handlers directly, through the same interceptors as the
// gRPC server: request id, access line, faults to statuses, panics, default
// deadline, then the caller's own.
//
// Whose a call is, is known from its headers alone (door), if Config.Authenticate
// says that somebody is asked; what its principal may do is looked at where the
// method is known; and who did what is told to Config.Record.
//
// A stranger may send anything, so each thing that costs has its bound: web pages
// of other sites (visitor), bodies and messages as they come (body, pace, arrival,
// uploads), answers until they are taken (answer, codec, streamed, patient),
// connections (conns) and frames (flood).
//
// A handler's error becomes what a client may see in one place, errorStatus; a
// [fault.Error] keeps its sentence, field and retry delay, and everything else
// is INTERNAL with the cause in the log. Bodies and texts are never logged.
package server
