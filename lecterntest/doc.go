// Package lecterntest gives a program's tests a Google Cloud Text-to-Speech service of
// their own: a whole server on loopback that speaks, keeps operations, and cancels them
// for real.
//
// [NewServer] makes one in a few milliseconds and ends it with the test. Any number
// may run at once, each with its own voices, operations and objects. By default its
// voices are tones, which need nothing of the machine and sound the same every time;
// [Installed] and [Engines] bring real ones.
//
//	s := lecterntest.NewServer(t)
//	client, err := texttospeech.NewClient(ctx, option.WithGRPCConn(s.Conn()))
//
// A REST client is given the address, and no credentials:
//
//	client, err := texttospeech.NewRESTClient(ctx, option.WithEndpoint(s.URL()), option.WithoutAuthentication())
//
// # Faults
//
// [Server.OnCalls] and [Server.OnSpeech] have calls, or what is spoken, fail, take long
// or stand still. A test waits for [Injected.Met] rather than for time, and lets go on
// with [Injected.Lift]. What is held can be cancelled, by a client's cancel or the end
// of its context, as it can on any server.
//
// # Time
//
// [Clock] gives operations the times of another clock, by which [Server.Expire] removes
// them.
package lecterntest
