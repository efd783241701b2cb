// Google's Go client, each method by each door: go DOORS, a JSON file. What is printed is
// read by compatibility_test.go, which builds this with clients of two ages.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	longrunning "cloud.google.com/go/longrunning/autogen"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	texttospeech "cloud.google.com/go/texttospeech/apiv1"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

type door struct {
	Name, Address, Credential, File, Key string
	TLS                                  bool
}

type work struct {
	Project, Objects string
	Doors            []door
}

var (
	errAbsent = errors.New("the client has no such method")
	long      = strings.Repeat("It was the best of times, it was the worst of times. ", 6000)
	voice     = &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", Name: "en-US-Flite-Kal16"}
	config    = &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16}
)

// caller is one client over one transport by one door.
type caller struct {
	transport, parent, object string
	speech                    *texttospeech.Client
	long                      *texttospeech.TextToSpeechLongAudioSynthesizeClient
	operations                *longrunning.OperationsClient
	whole                     string
}

func connect(ctx context.Context, w work, transport string, d door) (*caller, error) {
	var options []option.ClientOption
	switch d.Credential {
	case "service account":
		// The client of operations has no scopes of its own.
		options = append(options, option.WithCredentialsFile(d.File), option.WithScopes("https://www.googleapis.com/auth/cloud-platform"))
	case "API key":
		options = append(options, option.WithAPIKey(d.Key))
	default:
		options = append(options, option.WithoutAuthentication())
	}
	scheme := ""
	switch {
	case transport == "rest" && d.TLS:
		scheme = "https://"
	case transport == "rest":
		scheme = "http://"
	case d.TLS: // a custom endpoint is trusted as the system's authorities say
		options = append(options, option.WithGRPCDialOption(grpc.WithTransportCredentials(credentials.NewTLS(nil))))
	default:
		options = append(options, option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	}
	options = append(options, option.WithEndpoint(scheme+d.Address))
	speech, books, operations := texttospeech.NewClient, texttospeech.NewTextToSpeechLongAudioSynthesizeClient, longrunning.NewOperationsClient
	if transport == "rest" {
		speech, books, operations = texttospeech.NewRESTClient, texttospeech.NewTextToSpeechLongAudioSynthesizeRESTClient, longrunning.NewOperationsRESTClient
	}
	c := &caller{transport: transport, parent: "projects/" + w.Project + "/locations/global",
		object: w.Objects + "/" + transport + "-" + strings.ReplaceAll(d.Name, " ", "-")}
	var err [3]error
	c.speech, err[0] = speech(ctx, options...)
	c.long, err[1] = books(ctx, options...)
	c.operations, err[2] = operations(ctx, options...)
	return c, errors.Join(err[:]...)
}

func (c *caller) start(ctx context.Context, text, name string) (*texttospeech.SynthesizeLongAudioOperation, error) {
	return c.long.SynthesizeLongAudio(ctx, &texttospeechpb.SynthesizeLongAudioRequest{
		Parent: c.parent, Input: said(text), Voice: voice, AudioConfig: config, OutputGcsUri: c.object + "-" + name + ".wav",
	})
}

func said(text string) *texttospeechpb.SynthesisInput {
	return &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: text}}
}

func (c *caller) listVoices(ctx context.Context) error {
	resp, err := c.speech.ListVoices(ctx, &texttospeechpb.ListVoicesRequest{LanguageCode: "en-US"})
	return must(err, len(resp.GetVoices()) > 0)
}

func (c *caller) synthesizeSpeech(ctx context.Context) error {
	resp, err := c.speech.SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{Input: said("Hello."), Voice: voice, AudioConfig: config})
	return must(err, strings.HasPrefix(string(resp.GetAudioContent()), "RIFF"))
}

func (c *caller) streamingSynthesize(ctx context.Context) error {
	stream, err := c.speech.StreamingSynthesize(ctx)
	if err != nil {
		if strings.Contains(err.Error(), "not yet supported for REST") {
			return errAbsent
		}
		return err
	}
	for _, r := range []*texttospeechpb.StreamingSynthesizeRequest{
		{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_StreamingConfig{StreamingConfig: &texttospeechpb.StreamingSynthesizeConfig{Voice: voice}}},
		{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_Input{Input: &texttospeechpb.StreamingSynthesisInput{
			InputSource: &texttospeechpb.StreamingSynthesisInput_Text{Text: "Hello there."}}}},
	} {
		if err := stream.Send(r); err != nil && err != io.EOF { // the answer tells why
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for bytes := 0; ; {
		resp, err := stream.Recv()
		if err == io.EOF {
			return must(nil, bytes > 10000)
		}
		if err != nil {
			return err
		}
		bytes += len(resp.AudioContent)
	}
}

func (c *caller) synthesizeLongAudio(ctx context.Context) error {
	op, err := c.start(ctx, "A short story. The end.", "whole")
	if err != nil {
		return err
	}
	c.whole = op.Name()
	if _, err := op.Wait(ctx); err != nil {
		return err
	}
	meta, err := op.Metadata()
	return must(err, meta.GetProgressPercentage() == 100)
}

func (c *caller) getOperation(ctx context.Context) error {
	op, err := c.long.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: c.whole})
	return must(err, op.GetDone())
}

func (c *caller) waitOperation(ctx context.Context) error {
	op, err := c.operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: c.whole})
	return must(err, op.GetDone())
}

func (c *caller) listOperations(ctx context.Context) error {
	for all := c.long.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: c.parent, Filter: "done=true"}); ; {
		op, err := all.Next()
		if err == iterator.Done {
			return errors.New("it is not listed")
		}
		if err != nil || op.Name == c.whole {
			return err
		}
	}
}

func (c *caller) cancelOperation(ctx context.Context) error {
	op, err := c.start(ctx, long, "cancelled")
	if err != nil {
		return err
	}
	if err := c.operations.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.Name()}); err != nil {
		return err
	}
	now, err := c.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.Name()})
	return must(err, now.GetError().GetCode() == 1)
}

func (c *caller) deleteOperation(ctx context.Context) error {
	if err := c.operations.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: c.whole}); err != nil {
		return err
	}
	_, err := c.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: c.whole})
	return must(nil, err != nil)
}

func must(err error, condition bool) error {
	if err == nil && !condition {
		return errors.New("the answer is not what it should be")
	}
	return err
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "yes"
	case err == errAbsent:
		return "absent"
	}
	return "no: " + strings.Join(strings.Fields(err.Error()), " ")
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var w work
	if err := json.Unmarshal(text, &w); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if built, ok := debug.ReadBuildInfo(); ok {
		for _, module := range built.Deps {
			if module.Path == "cloud.google.com/go/texttospeech" {
				fmt.Println("client\t" + strings.TrimPrefix(module.Version, "v"))
			}
		}
	}
	for _, d := range w.Doors {
		for _, transport := range []string{"grpc", "rest"} {
			c, err := connect(ctx, w, transport, d)
			for _, method := range []struct {
				name string
				call func(context.Context) error
			}{
				{"ListVoices", c.listVoices}, {"SynthesizeSpeech", c.synthesizeSpeech}, {"StreamingSynthesize", c.streamingSynthesize},
				{"SynthesizeLongAudio", c.synthesizeLongAudio}, {"GetOperation", c.getOperation}, {"WaitOperation", c.waitOperation},
				{"ListOperations", c.listOperations}, {"CancelOperation", c.cancelOperation}, {"DeleteOperation", c.deleteOperation},
			} {
				failed := err // a client that cannot be made has no method
				if failed == nil {
					failed = method.call(ctx)
				}
				fmt.Println(strings.Join([]string{transport, "v1", d.Name, method.name, outcome(failed)}, "\t"))
			}
		}
	}
}
