// Package gcs is the part of Google Cloud Storage's JSON API that its official clients
// need to fetch what long operations have written, to bring texts and sounds, and to
// clear up: buckets and objects over package bucket. A program that knows nothing of
// Lectern finds it by STORAGE_EMULATOR_HOST.
//
// It is a translation and no more: [API.Serve] answers one request; the port, its
// guards and bounds are server's, who may do what is auth's. There are
//
//	/storage/v1/b…, and /b… as the Node client has it   buckets; objects; alt=media
//	/download/storage/v1/b/BUCKET/o/OBJECT              what an object holds
//	/upload/storage/v1/b/BUCKET/o                       media, multipart, resumable
//	/BUCKET/OBJECT                                      reading, as the XML API has it
//
// What an object is beside its bytes goes by its name and its time: there are no
// other versions, no metadata of the client's own, no access lists.
package gcs
