package peers_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	longrunning "cloud.google.com/go/longrunning/autogen"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	texttospeech "cloud.google.com/go/texttospeech/apiv1"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/internal/needs"
)

// Google's Go client with what `lectern keys create` has made, over both transports.
func TestGoClientWithCredentials(t *testing.T) {
	g := serveGuarded(t)
	account, apiKey := g.account(t, "p1", "operator"), g.apiKey(t, "p1", "operator")
	// Its client of operations asks for no scope by itself, which is refused.
	file := []option.ClientOption{option.WithAuthCredentialsFile(option.ServiceAccount, account), option.WithScopes(auth.CloudPlatform)}
	for kind, credential := range map[string][]option.ClientOption{"service account": file, "API key": {option.WithAPIKey(apiKey)}} {
		for _, transport := range []string{"gRPC", "REST"} {
			t.Run(kind+" "+transport, func(t *testing.T) {
				c := g.goClients(t, transport, credential)
				c.speak(t)
				op := c.start(t, "gs://books/"+transport+strings.ReplaceAll(kind, " ", "-")+".wav", bookText)
				if _, err := op.Poll(t.Context()); err != nil {
					t.Error(err)
				}
				if err := c.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: op.Name()}); err != nil {
					t.Error(err)
				}
				_, err := c.long.SynthesizeLongAudio(t.Context(), &texttospeechpb.SynthesizeLongAudioRequest{Parent: "projects/p2/locations/global"})
				var refused *apierror.APIError
				if !errors.As(err, &refused) || refused.Reason() != "IAM_PERMISSION_DENIED" || refused.GRPCStatus().Code() != codes.PermissionDenied && refused.HTTPCode() != 403 {
					t.Errorf("another project: %v", err)
				}
			})
		}
	}
	for _, transport := range []string{"gRPC", "REST"} {
		c := newGoClients(t, g.address, transport)
		_, err := c.speech.ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{})
		var refused *apierror.APIError
		if !errors.As(err, &refused) || refused.Reason() != "CREDENTIALS_MISSING" || refused.Domain() != "googleapis.com" {
			t.Errorf("%s without credentials: %v", transport, err)
		}
	}
}

// goClients are Google's own with credentials. Over gRPC they want TLS for API keys.
func (g guarded) goClients(t *testing.T, transport string, options []option.ClientOption) goClients {
	t.Helper()
	var c goClients
	var err [3]error
	if transport == "gRPC" {
		address, authority := g.tunnel(t)
		trusted, unread := credentials.NewClientTLSFromFile(authority, "")
		if unread != nil {
			t.Fatal(unread)
		}
		options = append(options, option.WithEndpoint(address), option.WithGRPCDialOption(grpc.WithTransportCredentials(trusted)))
		c.speech, err[0] = texttospeech.NewClient(t.Context(), options...)
		c.long, err[1] = texttospeech.NewTextToSpeechLongAudioSynthesizeClient(t.Context(), options...)
		c.operations, err[2] = longrunning.NewOperationsClient(t.Context(), options...)
	} else {
		options = append(options, option.WithEndpoint("http://"+g.address))
		c.speech, err[0] = texttospeech.NewRESTClient(t.Context(), options...)
		c.long, err[1] = texttospeech.NewTextToSpeechLongAudioSynthesizeRESTClient(t.Context(), options...)
		c.operations, err[2] = longrunning.NewOperationsRESTClient(t.Context(), options...)
	}
	if err := errors.Join(err[:]...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.speech.Close(); c.long.Close(); c.operations.Close() })
	return c
}

// Google's Python client sends credentials over TLS only.
func TestPythonClientWithCredentials(t *testing.T) {
	python := pythonClient(t)
	g := serveGuarded(t)
	address, authority := g.tunnel(t)
	account, apiKey := g.account(t, "p1", "operator"), g.apiKey(t, "p1", "operator")
	for _, transport := range []string{"grpc", "rest"} {
		for _, kind := range []string{"file", "default", "scoped", "exchanged", "apikey"} {
			t.Run(transport+" "+kind, func(t *testing.T) {
				cmd := exec.CommandContext(t.Context(), python, "testdata/credentials.py", address, transport, kind, account, apiKey)
				cmd.Env = append(cmd.Environ(), "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH="+authority, "REQUESTS_CA_BUNDLE="+authority, "GOOGLE_APPLICATION_CREDENTIALS="+account)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

// OpenAI's clients send API keys as bearer tokens.
func TestOpenAIClientWithCredentials(t *testing.T) {
	python := pythonClient(t)
	g := serveGuarded(t)
	if out, err := exec.CommandContext(t.Context(), python, "testdata/openai_credentials.py", g.address, g.apiKey(t, "p1", "speaker")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Node's client and Java's sign for the address that they call, Java's with its port.
func TestNodeClientWithCredentials(t *testing.T) {
	client := otherClient(t, "node")
	node := needs.Program(t, "node")
	g := serveGuarded(t)
	address, authority := g.tunnel(t)
	account, apiKey := g.accountAt(t, "https://"+address, "p1", "operator"), g.apiKey(t, "p1", "operator")
	for _, transport := range []string{"grpc", "rest"} {
		for _, kind := range []string{"file", "apikey"} {
			t.Run(transport+" "+kind, func(t *testing.T) {
				cmd := exec.CommandContext(t.Context(), node, "testdata/credentials.js", address, transport, kind, account, apiKey, client)
				cmd.Env = append(cmd.Environ(), "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH="+authority, "NODE_EXTRA_CA_CERTS="+authority)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

func TestJavaClientWithCredentials(t *testing.T) {
	client := otherClient(t, "java")
	java, keytool := needs.Program(t, "java"), needs.Program(t, "keytool")
	g := serveGuarded(t)
	address, authority := g.tunnel(t)
	account, apiKey := g.accountAt(t, "https://"+address, "p1", "operator"), g.apiKey(t, "p1", "operator")
	trusted := filepath.Join(t.TempDir(), "trusted.p12")
	if out, err := exec.CommandContext(t.Context(), keytool, "-importcert", "-noprompt", "-alias", "authority", "-file", authority,
		"-keystore", trusted, "-storetype", "PKCS12", "-storepass", "changeit").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, transport := range []string{"grpc", "rest"} {
		for _, kind := range []string{"file", "scoped", "apikey"} {
			t.Run(transport+" "+kind, func(t *testing.T) {
				out, err := exec.CommandContext(t.Context(), java, "-Djavax.net.ssl.trustStore="+trusted, "-Djavax.net.ssl.trustStorePassword=changeit",
					"-cp", client+"/*", "testdata/Credentials.java", address, transport, kind, account, apiKey).CombinedOutput()
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}
