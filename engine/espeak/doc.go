// SPDX-License-Identifier: GPL-3.0-or-later

// Package espeak is the engine of espeak-ng 1.51: 131 voices of more than a
// hundred languages, and a female variant for each place that has one.
//
// It links libespeak-ng, and so it is GPL-3.0-or-later like that library: only
// cmd/lectern-espeak and tests may import it.
//
// [Open] makes the engine. The library keeps global state and is known to
// crash on rare text, so there can be one engine in a process, and that
// process should be a worker. espeak-ng's dictionaries are needed at run time
// (Debian: espeak-ng-data).
//
// Its voices are not deterministic: the library carries state from one
// utterance to the next.
package espeak
