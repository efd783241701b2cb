// Package keys is credentials that Lectern itself issues: files of service
// accounts, with which Google's libraries work as they are, and API keys.
//
// [NewServiceAccount] and [NewAPIKey] make them: what they return first belongs to
// the holder and is kept nowhere else; the [Key] goes into a [Store] by [Add].
//
// The documents of stores, and so the keys, are changed by commands while servers
// run.
package keys
