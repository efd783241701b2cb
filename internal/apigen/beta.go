package main

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

const (
	speechV1        = "google/cloud/texttospeech/v1/cloud_tts.proto"
	longAudioV1     = "google/cloud/texttospeech/v1/cloud_tts_lrs.proto"
	speechV1Beta    = "google/cloud/texttospeech/v1beta1/cloud_tts.proto"
	longAudioV1Beta = "google/cloud/texttospeech/v1beta1/cloud_tts_lrs.proto"
	operations      = "google/longrunning/operations.proto"

	betaPackage   = "google.cloud.texttospeech.v1beta1"
	betaGoPackage = "github.com/lectern/lectern/ttsapi/v1beta1pb;v1beta1pb"
)

// betaFiles is published with v1beta1 beside v1: the files of v1 under their
// other name, plus everything that only v1beta1 has (docs/contract.md 2.11).
func betaFiles(published *fileSet) (*fileSet, error) {
	s := published.clone()
	for _, path := range []string{speechV1, longAudioV1} {
		f, err := renameVersion(s.byPath[path])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		f.Options.GoPackage = proto.String(betaGoPackage)
		if f.GetName() == speechV1Beta {
			addBetaOnly(f)
		}
		s.add(f)
	}
	// A descriptor that does not resolve would only fail later, inside a
	// generator, with less to say.
	_, err := protodesc.NewFiles(&descriptorpb.FileDescriptorSet{File: s.ordered})
	return s, err
}

// renameVersion says v1beta1 wherever v1 speaks of itself: names, imports,
// type references, HTTP paths and the packages of other languages. JSON is
// the one form in which all of these, options included, are plain text.
func renameVersion(f *descriptorpb.FileDescriptorProto) (*descriptorpb.FileDescriptorProto, error) {
	text, err := protojson.MarshalOptions{Resolver: protoregistry.GlobalTypes}.Marshal(f)
	if err != nil {
		return nil, err
	}
	for _, r := range [][2]string{
		{"google/cloud/texttospeech/v1/", "google/cloud/texttospeech/v1beta1/"},
		{"google.cloud.texttospeech.v1", betaPackage},
		{`"/v1/`, `"/v1beta1/`},
		{`TextToSpeech.V1"`, `TextToSpeech.V1Beta1"`},
		{`TextToSpeech\\V1"`, `TextToSpeech\\V1beta1"`},
		{`TextToSpeech::V1"`, `TextToSpeech::V1beta1"`},
	} {
		text = bytes.ReplaceAll(text, []byte(r[0]), []byte(r[1]))
	}
	renamed := &descriptorpb.FileDescriptorProto{}
	return renamed, protojson.Unmarshal(text, renamed)
}

// addBetaOnly adds what v1 lacks.
func addBetaOnly(f *descriptorpb.FileDescriptorProto) {
	const (
		optional = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
		repeated = descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	)
	encodings := enumNamed(f.EnumType, "AudioEncoding")
	at := 0
	for at < len(encodings.Value) && encodings.Value[at].GetNumber() < 4 {
		at++
	}
	encodings.Value = append(encodings.Value[:at:at],
		append([]*descriptorpb.EnumValueDescriptorProto{enumValue("MP3_64_KBPS", 4)}, encodings.Value[at:]...)...)

	request := messageNamed(f, "SynthesizeSpeechRequest")
	request.EnumType = append(request.EnumType, &descriptorpb.EnumDescriptorProto{
		Name:  proto.String("TimepointType"),
		Value: []*descriptorpb.EnumValueDescriptorProto{enumValue("TIMEPOINT_TYPE_UNSPECIFIED", 0), enumValue("SSML_MARK", 1)},
	})
	request.Field = append(request.Field, enumField("enable_time_pointing", "enableTimePointing", 4, repeated,
		"."+betaPackage+".SynthesizeSpeechRequest.TimepointType"))

	response := messageNamed(f, "SynthesizeSpeechResponse")
	response.Field = append(response.Field,
		messageField("timepoints", "timepoints", 2, repeated, "."+betaPackage+".Timepoint"),
		messageField("audio_config", "audioConfig", 4, optional, "."+betaPackage+".AudioConfig"))

	f.MessageType = append(f.MessageType, &descriptorpb.DescriptorProto{
		Name: proto.String("Timepoint"),
		Field: []*descriptorpb.FieldDescriptorProto{
			scalarField("mark_name", "markName", 4, descriptorpb.FieldDescriptorProto_TYPE_STRING),
			scalarField("time_seconds", "timeSeconds", 3, descriptorpb.FieldDescriptorProto_TYPE_DOUBLE),
		},
	})
}

func enumNamed(enums []*descriptorpb.EnumDescriptorProto, name string) *descriptorpb.EnumDescriptorProto {
	for _, e := range enums {
		if e.GetName() == name {
			return e
		}
	}
	panic("apigen: v1 has no enum " + name)
}

func messageNamed(f *descriptorpb.FileDescriptorProto, name string) *descriptorpb.DescriptorProto {
	for _, m := range f.MessageType {
		if m.GetName() == name {
			return m
		}
	}
	panic("apigen: v1 has no message " + name)
}

func enumValue(name string, number int32) *descriptorpb.EnumValueDescriptorProto {
	return &descriptorpb.EnumValueDescriptorProto{Name: proto.String(name), Number: proto.Int32(number)}
}

func scalarField(name, json string, number protoreflect.FieldNumber, t descriptorpb.FieldDescriptorProto_Type) *descriptorpb.FieldDescriptorProto {
	return &descriptorpb.FieldDescriptorProto{
		Name: proto.String(name), JsonName: proto.String(json), Number: proto.Int32(int32(number)),
		Type: t.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
}

func messageField(name, json string, number protoreflect.FieldNumber, label descriptorpb.FieldDescriptorProto_Label, target string) *descriptorpb.FieldDescriptorProto {
	f := scalarField(name, json, number, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE)
	f.Label, f.TypeName = label.Enum(), proto.String(target)
	return f
}

func enumField(name, json string, number protoreflect.FieldNumber, label descriptorpb.FieldDescriptorProto_Label, target string) *descriptorpb.FieldDescriptorProto {
	f := messageField(name, json, number, label, target)
	f.Type = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum()
	return f
}
