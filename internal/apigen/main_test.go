package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"

	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

const moduleRoot = "../.."

// TestCommittedCodeIsCurrent generates everything anew and compares it with
// what is committed, both ways.
func TestCommittedCodeIsCurrent(t *testing.T) {
	files, err := generate(t.Context())
	if errors.Is(err, errNoPlugin) {
		t.Skipf("NOT CHECKED that the committed code is current: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := write(dir, files); err != nil {
		t.Fatal(err)
	}
	for name := range files {
		fresh, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join(moduleRoot, name))
		if err != nil || !bytes.Equal(fresh, committed) {
			t.Errorf("%s is not what the generators write (%v): run go generate ./internal/apigen", name, err)
		}
	}
	for _, pattern := range []string{stubsDir + "*.pb.go", gatewayDir + "*/*.gw.go"} {
		found, err := filepath.Glob(filepath.Join(moduleRoot, pattern))
		if err != nil || len(found) == 0 {
			t.Errorf("%s: %d files, %v", pattern, len(found), err)
		}
		for _, path := range found {
			name, err := filepath.Rel(moduleRoot, path)
			if err != nil || files[filepath.ToSlash(name)] == nil {
				t.Errorf("%s is not generated any more (%v)", path, err)
			}
		}
	}
}

// describe is every message, field, enum value and method of files, one line
// each, without the version's own name: two versions can be compared by it.
func describe(version string, files ...protoreflect.FileDescriptor) []string {
	var lines []string
	add := func(parts ...any) {
		lines = append(lines, sprintWithout(version, parts...))
	}
	enums := func(es protoreflect.EnumDescriptors) {
		for i := range es.Len() {
			for j := range es.Get(i).Values().Len() {
				v := es.Get(i).Values().Get(j)
				add("value", es.Get(i).FullName(), v.Name(), v.Number())
			}
		}
	}
	var messages func(protoreflect.MessageDescriptors)
	messages = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			m := ms.Get(i)
			add("message", m.FullName())
			for j := range m.Fields().Len() {
				f := m.Fields().Get(j)
				line := []any{"field", f.FullName(), f.Number(), f.Kind(), f.Cardinality(), f.JSONName(), f.HasPresence()}
				if f.Message() != nil {
					line = append(line, f.Message().FullName())
				}
				if f.Enum() != nil {
					line = append(line, f.Enum().FullName())
				}
				if f.ContainingOneof() != nil {
					line = append(line, "in", f.ContainingOneof().Name())
				}
				add(line...)
			}
			enums(m.Enums())
			messages(m.Messages())
		}
	}
	for _, file := range files {
		messages(file.Messages())
		enums(file.Enums())
		for i := range file.Services().Len() {
			s := file.Services().Get(i)
			for j := range s.Methods().Len() {
				m := s.Methods().Get(j)
				add("method", m.FullName(), m.Input().FullName(), m.Output().FullName(), m.IsStreamingClient(), m.IsStreamingServer())
				add("options", m.FullName(), protodesc.ToMethodDescriptorProto(m).GetOptions().String())
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// TestBetaDiffersFromV1AsDocumented holds the generated v1beta1 against v1:
// everything of v1 is there, and nothing else but what stands in
// docs/contract.md 2.11.
func TestBetaDiffersFromV1AsDocumented(t *testing.T) {
	v1 := describe("v1", texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_proto, texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_lrs_proto)
	beta := describe("v1beta1", v1beta1pb.File_google_cloud_texttospeech_v1beta1_cloud_tts_proto, v1beta1pb.File_google_cloud_texttospeech_v1beta1_cloud_tts_lrs_proto)
	if len(v1) < 100 {
		t.Fatalf("v1 has only %d lines", len(v1))
	}
	for _, line := range v1 {
		if !slices.Contains(beta, line) {
			t.Errorf("v1beta1 lacks %s", line)
		}
	}
	const api = "google.cloud.texttospeech.V."
	want := []string{
		"field " + api + "SynthesizeSpeechRequest.enable_time_pointing 4 enum repeated enableTimePointing false " + api + "SynthesizeSpeechRequest.TimepointType",
		"field " + api + "SynthesizeSpeechResponse.audio_config 4 message optional audioConfig true " + api + "AudioConfig",
		"field " + api + "SynthesizeSpeechResponse.timepoints 2 message repeated timepoints false " + api + "Timepoint",
		"field " + api + "Timepoint.mark_name 4 string optional markName false",
		"field " + api + "Timepoint.time_seconds 3 double optional timeSeconds false",
		"message " + api + "Timepoint",
		"value " + api + "AudioEncoding MP3_64_KBPS 4",
		"value " + api + "SynthesizeSpeechRequest.TimepointType SSML_MARK 1",
		"value " + api + "SynthesizeSpeechRequest.TimepointType TIMEPOINT_TYPE_UNSPECIFIED 0",
	}
	var got []string
	for _, line := range beta {
		if !slices.Contains(v1, line) {
			got = append(got, line)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("v1beta1 adds\n%v\nwant\n%v", got, want)
	}
}

// TestNothingBetaSpeaksOfV1 looks for a v1 that the renaming missed.
func TestNothingBetaSpeaksOfV1(t *testing.T) {
	published, err := publishedFiles()
	if err != nil {
		t.Fatal(err)
	}
	beta, err := betaFiles(published)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{speechV1Beta, longAudioV1Beta} {
		file := beta.byPath[path]
		if left := versionOne.FindString(file.String()); left != "" {
			t.Errorf("%s still says %q", path, left)
		}
		if !strings.Contains((&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{file}}).String(), "/v1beta1/") {
			t.Errorf("%s has no path of v1beta1", path)
		}
	}
}
