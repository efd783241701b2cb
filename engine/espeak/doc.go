// SPDX-License-Identifier: GPL-3.0-or-later

// Package espeak is the engine of espeak-ng 1.51: 131 voices of more than a
// hundred languages, and a female variant for each place that has one.
//
// It links libespeak-ng, and so it is GPL-3.0-or-later like that library: only
// cmd/lectern-espeak and tests may import it.
//
// [Open] makes the engine. espeak-ng's dictionaries are needed at run time
// (Debian: espeak-ng-data).
//
// The library keeps state from one utterance to the next, and from one voice to
// the next, that is heard; and it crashes on rare text. So it never speaks in
// this process: each voice in use has a process of its own, the core, in which a
// copy of that process speaks each utterance (core.c, core.go). The same
// utterance therefore gives the same sound, and a crash costs one utterance.
//
// Transcribing needs no copies: what the library keeps of a text is forgotten when
// it begins the next. It has cores of its own, which never speak; a crash, or a
// cancel, costs one of those, which is started again.
//
// A program that links this package runs as such a core when the environment
// says so, before its main begins.
package espeak
