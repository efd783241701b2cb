// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"strings"
	"unsafe"
)

// installedVoices are the identifiers of the voices that the library found.
func installedVoices() map[string]bool {
	found := map[string]bool{}
	list := C.espeak_ListVoices(nil)
	for _, v := range unsafe.Slice(list, 1<<16) {
		if v == nil {
			break
		}
		found[C.GoString(v.identifier)] = true
	}
	return found
}

// withoutVariant is an engine name without +VARIANT.
func withoutVariant(name string) string {
	base, _, _ := strings.Cut(name, "+")
	return base
}
