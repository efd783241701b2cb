// Package lectern is a server for the Google Cloud Text-to-Speech API, to be
// embedded in a program.
//
// [New] makes a [Server] of a [Config], whose zero value is a server that speaks with
// the voices that this machine has installed and keeps its operations in a temporary
// directory. The server is reached on addresses of its own (Config.Listen), by
// [Server.Handler] in an HTTP server of the program's, or by [Server.Register] in a
// gRPC server of the program's. Whichever it is, [Server.Run] must run: it works on
// long operations. [Server.Close] ends it and gives everything free.
//
//	s, err := lectern.New(ctx, lectern.Config{Listen: "127.0.0.1:8085", Data: "/var/lib/speech"})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	return s.Run(ctx)
//
// The package links no engine, no codec of C and no client of a service: engines run
// in processes of their own or are the program's (Config.Engines), and codecs and
// stores are the program's to link (Config.Encodings, OpenStore, OpenBuckets). Package
// lecterntest has a server for tests.
package lectern
