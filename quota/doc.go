// Package quota counts what projects and principals use, and refuses what is beyond
// their limits.
//
// A [Quota] is made once with [Open]; [Quota.Of] is the [Account] of a call, by its
// principal (auth.From) and its project. Whoever serves a call asks the account
// before the work begins, and tells it afterwards what it came to.
//
//	Account.Ask        a request for speech, and its characters
//	Account.More       further characters of it, as a stream brings them
//	Account.Stream     a stream, until it leaves
//	Account.Operation  a long operation, which the store counts while it is under way
//	Account.Spoken     sound that was made, for the record only
//
// Characters of a day (UTC) are kept in the store and so survive a restart and are
// those of all nodes; each node writes what it has counted every 2 s, and
// reads what the others have. So a project may go beyond its characters by what the
// other nodes admit in that time, and a crash forgets as much. Operations are
// counted by the store. Requests a minute and streams are each node's own.
//
// A nil *Quota refuses nothing and counts nothing.
package quota
