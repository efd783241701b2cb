// Package install changes a directory of neural voices, whose form package
// voicestore describes: it installs, replaces and removes items. Start with
// [Open]; [Store.Install] gets an item and what it needs.
//
// # Sources
//
// An item comes from one of these, tried in the order that its catalogue entry
// has; the first that gives all of its files is the one.
//
//	hub        the publishers' own server, over HTTPS, with resumption
//	registry   a package, by the machine's own pip or npm
//	mirror     a server whose address is a setting
//	directory  a folder with plain files or packages in it; only if asked for
//
// A mirror or a directory has for an item NAME and its file FILE either
// NAME/FILE, or FILE, or the package that the file comes out of; for Piper's
// voices also what the hub has, voices.json and the paths in it.
//
// # States of an item
//
//	absent --download--> .partial/NAME --prepare, item.json, sync--> whole, unseen
//	       --one rename--> DIR/NAME --one rename--> .gone/NAME --> absent
//
// A process that dies leaves it in one of the states; the next one that changes
// the directory deletes what is in .gone and goes on from what is in .partial.
// Digests and sizes are checked before the rename, always, wherever the files
// came from.
//
// One process at a time changes a directory; a second one waits, or says so.
//
// # Errors
//
// Errors are faults; see [Store.Install]. Their causes tell what each source
// said. [LicenceError] is a licence that was not accepted.
package install
