// Package voicestore reads a directory of neural voices and of what they need:
// which items lie there, what each of them is, and whether it is undamaged. It
// gets nothing: package install, below it, changes such a directory, package
// catalogue says what can be had. Start with [Installed].
//
//	DIR/NAME/item.json   an [Item]: one folder for each, with its files
//	DIR/.partial/        what is being made; nothing there is an item
//	DIR/.gone/           what is being deleted
//	DIR/.piper.json      Piper's catalogue as it was last seen
//	DIR/.lock            held by whoever changes the directory
//
// A folder shows whole or not at all: it is made in .partial, synced and
// renamed. So a reader needs no lock, and a file that it holds open stays as it
// is while its item is replaced or removed. Names that begin with a dot are
// never items.
//
// All functions may be called at any time by any number of goroutines and
// processes.
package voicestore
