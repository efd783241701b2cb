// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"path"
	"strings"
	"unsafe"
)

// installed is a voice that the library found.
type installed struct {
	identifier string // its file, such as "gmw/en-US"
	name       string // such as "English (America)"
	languages  []language
}

// language is a tag and how gladly its voice is taken for it: the less the more.
type language struct {
	priority byte
	tag      string
}

// installedVoices asks the library.
func installedVoices() []installed {
	var found []installed
	list := C.espeak_ListVoices(nil)
	for _, v := range unsafe.Slice(list, 1<<16) {
		if v == nil {
			break
		}
		one := installed{identifier: C.GoString(v.identifier), name: C.GoString(v.name)}
		for at := unsafe.Pointer(v.languages); *(*byte)(at) != 0; {
			tag := C.GoString((*C.char)(unsafe.Add(at, 1)))
			one.languages = append(one.languages, language{*(*byte)(at), tag})
			at = unsafe.Add(at, 1+len(tag)+1)
		}
		found = append(found, one)
	}
	return found
}

// namesOf are the identifiers of voices by all their names, in lower case. As for
// the library, a name comes before a file, its last part, and a language.
func namesOf(voices []installed) map[string]string {
	names := map[string]string{}
	add := func(name, identifier string) {
		name = strings.ToLower(name)
		if _, taken := names[name]; !taken && name != "" {
			names[name] = identifier
		}
	}
	for _, v := range voices {
		add(v.name, v.identifier)
	}
	for _, v := range voices {
		add(v.identifier, v.identifier)
	}
	for _, v := range voices {
		add(path.Base(v.identifier), v.identifier)
	}
	priorities := map[string]byte{}
	for _, v := range voices {
		for _, l := range v.languages {
			if p, taken := priorities[l.tag]; !taken || l.priority < p {
				priorities[l.tag] = l.priority
			}
		}
	}
	for _, v := range voices {
		for _, l := range v.languages {
			if l.priority == priorities[l.tag] {
				add(l.tag, v.identifier)
			}
		}
	}
	for name, identifier := range names {
		if identifier == letterMandarin && names[strings.ToLower(hanMandarin)] != "" {
			names[name] = hanMandarin
		}
	}
	return names
}

// withoutVariant is an engine name without +VARIANT.
func withoutVariant(name string) string {
	base, _, _ := strings.Cut(name, "+")
	return base
}
