// Package voices picks a voice: by name, by language and gender, as SSML asks, and
// by the names that voices have beside their own, Google's among them.
//
// [New] makes a [Catalogue] of the voices that there are. It never changes; who
// gains or loses voices makes another. [Catalogue.Match] serves a request,
// [Catalogue.Choose] a voice element, [Catalogue.Speaker] tells who speaks under
// a name. The package knows nothing of engines but that a voice belongs to one.
package voices
