package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/durationpb"
)

// parent is where all operations are started.
const parent = "projects/proof/locations/global"

// client talks to one server over one gRPC connection and one pool of HTTP
// connections.
type client struct {
	address    string
	conn       *grpc.ClientConn
	speech     ttspb.TextToSpeechClient
	long       ttspb.TextToSpeechLongAudioSynthesizeClient
	operations longrunningpb.OperationsClient
	http       *http.Client
}

func dial(address string, options ...grpc.DialOption) (*client, error) {
	conn, err := grpc.NewClient("passthrough:///"+address, append(options,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 5 * time.Millisecond, Multiplier: 1.5, MaxDelay: 50 * time.Millisecond},
			MinConnectTimeout: time.Second,
		}))...)
	if err != nil {
		return nil, err
	}
	return &client{
		address:    address,
		conn:       conn,
		speech:     ttspb.NewTextToSpeechClient(conn),
		long:       ttspb.NewTextToSpeechLongAudioSynthesizeClient(conn),
		operations: longrunningpb.NewOperationsClient(conn),
		http:       &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}, nil
}

func (c *client) close() {
	c.conn.Close()
	c.http.CloseIdleConnections()
}

// voice is a voice as the API lists it.
type voice = ttspb.Voice

// The voices that measurements speak with, found in ListVoices by these parts
// of their names.
const (
	espeak    = "en-US-Espeak" // fast, 22,050 Hz
	flite     = "Flite-Kal16"  // fast
	fliteSlow = "Flite-Slt"    // much slower: the engine is nearly all of the cost
)

func (c *client) voices(ctx context.Context) ([]*voice, error) {
	answer, err := c.speech.ListVoices(ctx, &ttspb.ListVoicesRequest{}, grpc.WaitForReady(true))
	return answer.GetVoices(), err
}

// voice finds the first English voice whose name holds part.
func (c *client) voice(ctx context.Context, part string) (*voice, error) {
	all, err := c.voices(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, v := range all {
		if strings.Contains(strings.ToLower(v.Name), strings.ToLower(part)) {
			return v, nil
		}
		if strings.HasPrefix(v.Name, "en-") {
			names = append(names, v.Name)
		}
	}
	return nil, fmt.Errorf("no voice of the server is like %q; its English ones are %s", part, strings.Join(names, ", "))
}

func selection(v *voice) *ttspb.VoiceSelectionParams {
	return &ttspb.VoiceSelectionParams{LanguageCode: v.LanguageCodes[0], Name: v.Name}
}

func plainText(text string) *ttspb.SynthesisInput {
	return &ttspb.SynthesisInput{InputSource: &ttspb.SynthesisInput_Text{Text: text}}
}

func linear16() *ttspb.AudioConfig {
	return &ttspb.AudioConfig{AudioEncoding: ttspb.AudioEncoding_LINEAR16}
}

// say speaks one short text.
func (c *client) say(ctx context.Context, v *voice, text string) ([]byte, error) {
	answer, err := c.speech.SynthesizeSpeech(ctx, &ttspb.SynthesizeSpeechRequest{
		Input: plainText(text), Voice: selection(v), AudioConfig: linear16(),
	})
	return answer.GetAudioContent(), err
}

// start starts a long operation whose sound goes to uri, as LINEAR16.
func (c *client) start(ctx context.Context, v *voice, text, uri string) (*longrunningpb.Operation, error) {
	return c.long.SynthesizeLongAudio(ctx, &ttspb.SynthesizeLongAudioRequest{
		Parent: parent, Input: plainText(text), AudioConfig: linear16(), OutputGcsUri: uri, Voice: selection(v),
	})
}

// startAs is start in any encoding, one of v1beta1 as well. It returns the
// operation's name.
func (c *client) startAs(ctx context.Context, encoding string, v *voice, text, uri string) (string, error) {
	return c.startInput(ctx, map[string]any{"text": text}, map[string]any{"audioEncoding": encoding}, v, uri)
}

// startDocument is startAs of SSML, at a rate.
func (c *client) startDocument(ctx context.Context, encoding string, rate int, v *voice, ssml, uri string) (string, error) {
	return c.startInput(ctx, map[string]any{"ssml": "<speak>" + ssml + "</speak>"}, map[string]any{"audioEncoding": encoding, "sampleRateHertz": rate}, v, uri)
}

// startInput starts a long operation over REST by v1beta1, with fields of its own.
func (c *client) startInput(ctx context.Context, input, audioConfig map[string]any, v *voice, uri string) (string, error) {
	request, err := json.Marshal(map[string]any{
		"input": input, "audioConfig": audioConfig, "outputGcsUri": uri,
		"voice": map[string]any{"languageCode": v.LanguageCodes[0], "name": v.Name},
	})
	if err != nil {
		return "", err
	}
	var op struct{ Name string }
	answer, err := c.rest(ctx, http.MethodPost, "/v1beta1/"+parent+":synthesizeLongAudio", string(request))
	if err == nil {
		err = json.Unmarshal(answer, &op)
	}
	return op.Name, err
}

// succeeded waits for the operation's end, which must be its success.
func (c *client) succeeded(ctx context.Context, name string) error {
	op, err := c.finished(ctx, name)
	if err == nil && op.GetError() != nil {
		err = errors.New(op.GetError().GetMessage())
	}
	return err
}

// startOnce is start that may be repeated: key makes it the same operation.
func (c *client) startOnce(ctx context.Context, key string, v *voice, text, uri string) (*longrunningpb.Operation, error) {
	return c.start(metadata.AppendToOutgoingContext(ctx, "x-idempotency-key", key), v, text, uri)
}

func (c *client) get(ctx context.Context, name string) (*longrunningpb.Operation, error) {
	return c.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
}

func (c *client) cancel(ctx context.Context, name string) error {
	_, err := c.operations.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
	return err
}

func (c *client) delete(ctx context.Context, name string) error {
	_, err := c.operations.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
	return err
}

// wait waits for the operation's end, or for a time.
func (c *client) wait(ctx context.Context, name string, most time.Duration) (*longrunningpb.Operation, error) {
	return c.operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(most)})
}

// finished waits for the operation's end; ctx bounds that.
func (c *client) finished(ctx context.Context, name string) (*longrunningpb.Operation, error) {
	for {
		op, err := c.operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(30 * time.Second)})
		if err != nil || op.Done {
			return op, err
		}
	}
}

// rest sends one REST request and returns the body of its 200.
func (c *client) rest(ctx context.Context, method, path, body string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status + ": " + firstLine(string(content)))
	}
	return content, err
}
