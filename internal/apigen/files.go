package main

import (
	"fmt"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// fileSet is a closed set of proto files: every import of a file stands before
// the file, as the plugin protocol asks.
type fileSet struct {
	ordered []*descriptorpb.FileDescriptorProto
	byPath  map[string]*descriptorpb.FileDescriptorProto
}

func newFileSet() *fileSet {
	return &fileSet{byPath: map[string]*descriptorpb.FileDescriptorProto{}}
}

// publishedFiles holds text-to-speech v1, the operations service, and all that
// they import.
func publishedFiles() (*fileSet, error) {
	s := newFileSet()
	for _, fd := range []protoreflect.FileDescriptor{
		texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_proto,
		texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_lrs_proto,
		longrunningpb.File_google_longrunning_operations_proto,
	} {
		if err := s.addRegistered(fd); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *fileSet) addRegistered(fd protoreflect.FileDescriptor) error {
	if s.byPath[fd.Path()] != nil {
		return nil
	}
	imports := fd.Imports()
	for i := range imports.Len() {
		imported := imports.Get(i)
		if imported.IsPlaceholder() {
			return fmt.Errorf("%s imports %s, which is not linked in", fd.Path(), imported.Path())
		}
		if err := s.addRegistered(imported.FileDescriptor); err != nil {
			return err
		}
	}
	s.add(protodesc.ToFileDescriptorProto(fd))
	return nil
}

func (s *fileSet) add(f *descriptorpb.FileDescriptorProto) {
	s.ordered = append(s.ordered, f)
	s.byPath[f.GetName()] = f
}

// clone is a deep copy, to be changed freely.
func (s *fileSet) clone() *fileSet {
	c := newFileSet()
	for _, f := range s.ordered {
		c.add(proto.Clone(f).(*descriptorpb.FileDescriptorProto))
	}
	return c
}
