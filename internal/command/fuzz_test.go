package command

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// TestFuzzedMessages sends what nobody would: messages of every method, REST
// requests, HTTP and HTTP/2 as bytes, all cut, turned and mixed, over each way into
// the server at the same time. Nothing may be INTERNAL or UNKNOWN, the server must
// stand, and its memory be what it was. With LECTERN_PROOF there are 100,000.
func TestFuzzedMessages(t *testing.T) {
	messages := 3000
	if os.Getenv("LECTERN_PROOF") != "" {
		messages = 100_000
	}
	c := build(t)
	f := newFuzzer(t, c)
	const shooters = 24
	shoot := func(n int) {
		var left atomic.Int64
		left.Store(int64(n))
		var all sync.WaitGroup
		for range shooters {
			seed := f.seeds.Add(1)
			all.Go(func() {
				random := rand.New(rand.NewPCG(1, seed))
				for left.Add(-1) >= 0 {
					f.ways[random.IntN(len(f.ways))](random)
				}
			})
		}
		all.Wait()
	}
	shoot(messages / 4)
	before := c.memory(t)
	shoot(messages - messages/4)
	after := c.memory(t)
	t.Logf("%d messages: %v; memory %d MB after a quarter of them, %d MB after all", messages, f.counts(), before>>20, after>>20)
	if after > before+before/2+32<<20 {
		t.Errorf("the memory grew from %d to %d MB", before>>20, after>>20)
	}
	if f.count(codes.OK) < messages/200 || f.count(codes.InvalidArgument) < messages/20 {
		t.Errorf("hardly anything was understood, or refused for what it says: %v", f.counts())
	}
	if n := f.count(codes.Internal) + f.count(codes.Unknown); n > 0 {
		t.Errorf("%d answers were INTERNAL or UNKNOWN", n)
	}
	c.mustNotHaveFailed(t)
	// It serves as ever.
	if _, err := pb.NewTextToSpeechClient(f.native).ListVoices(t.Context(), &pb.ListVoicesRequest{}, grpc.WaitForReady(true)); err != nil {
		t.Error(err)
	}
}

// shot is a message that is valid before it is mutated.
type shot struct {
	method  string // of gRPC
	stream  bool
	message proto.Message
}

// fuzzer has the ways into a server.
type fuzzer struct {
	t       *testing.T
	castle  *castle
	seeds   atomic.Uint64
	shots   []shot
	rest    []string // requests of HTTP/1.1, whole
	ways    []func(*rand.Rand)
	native  *grpc.ClientConn
	proxied *grpc.ClientConn // whose first call says that a proxy sent it
	http    *http.Client

	mu   sync.Mutex
	seen map[codes.Code]int
}

func newFuzzer(t *testing.T, c *castle) *fuzzer {
	f := &fuzzer{t: t, castle: c, seen: map[codes.Code]int{}, http: &http.Client{Timeout: 10 * time.Second}}
	f.native, f.proxied = f.dial(), f.dial("x-forwarded-for", "192.0.2.1")
	say := func(in *pb.SynthesisInput) *pb.SynthesizeSpeechRequest {
		return &pb.SynthesizeSpeechRequest{
			Input: in, Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US", Name: "en-US-Flite-Slt", SsmlGender: pb.SsmlVoiceGender_FEMALE},
			AudioConfig:        &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_MP3, SpeakingRate: 1.1, Pitch: -2, VolumeGainDb: 1, SampleRateHertz: 24000, EffectsProfileId: []string{"handset-class-device"}},
			EnableTimePointing: []pb.SynthesizeSpeechRequest_TimepointType{pb.SynthesizeSpeechRequest_SSML_MARK},
		}
	}
	text := &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: "Hello, world. 12.5 % of it on 3 May 2026!"}}
	ssml := &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Ssml{Ssml: `<speak>Hi <break time="200ms"/><mark name="m"/><prosody rate="150%" pitch="+2st">you</prosody> <say-as interpret-as="date" format="yyyymmdd">20260503</say-as><par><media begin="1s"><speak>a</speak></media></par></speak>`}}
	operation := "projects/p/locations/l/operations/abcdefghijklmnopqrstuvwxyz"
	const speech, long, operations = "/google.cloud.texttospeech.%s.TextToSpeech/", "/google.cloud.texttospeech.%s.TextToSpeechLongAudioSynthesize/", "/google.longrunning.Operations/"
	for _, v := range []string{"v1", "v1beta1"} {
		f.shots = append(f.shots,
			shot{fmt.Sprintf(speech, v) + "ListVoices", false, &pb.ListVoicesRequest{LanguageCode: "en-US"}},
			shot{fmt.Sprintf(speech, v) + "SynthesizeSpeech", false, say(text)},
			shot{fmt.Sprintf(speech, v) + "SynthesizeSpeech", false, say(ssml)},
			shot{fmt.Sprintf(speech, v) + "StreamingSynthesize", true, &pb.StreamingSynthesizeRequest{StreamingRequest: &pb.StreamingSynthesizeRequest_StreamingConfig{StreamingConfig: &pb.StreamingSynthesizeConfig{Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US"}}}}},
			shot{fmt.Sprintf(long, v) + "SynthesizeLongAudio", false, &pb.SynthesizeLongAudioRequest{Parent: "projects/p/locations/l", OutputGcsUri: "gs://fuzz/a.wav", Input: text, Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US"}, AudioConfig: &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_LINEAR16}}})
	}
	f.shots = append(f.shots,
		shot{operations + "ListOperations", false, &longrunningpb.ListOperationsRequest{Name: "projects/p/locations/l", Filter: "done=true", PageSize: 5, PageToken: "abc"}},
		shot{operations + "GetOperation", false, &longrunningpb.GetOperationRequest{Name: operation}},
		shot{operations + "CancelOperation", false, &longrunningpb.CancelOperationRequest{Name: operation}},
		shot{operations + "DeleteOperation", false, &longrunningpb.DeleteOperationRequest{Name: operation}},
		shot{operations + "WaitOperation", false, &longrunningpb.WaitOperationRequest{Name: operation, Timeout: durationpb.New(50 * time.Millisecond)}},
		shot{"/grpc.health.v1.Health/Check", false, &grpc_health_v1.HealthCheckRequest{}},
		shot{"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true, &pb.ListVoicesRequest{LanguageCode: "en-US"}},
		shot{"/no.such.Service/Method", false, &pb.ListVoicesRequest{}},
	)
	post := func(path string, m proto.Message) string {
		body := protojson.Format(m)
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	}
	f.rest = []string{
		post("/v1/text:synthesize?$alt=json;enum-encoding=int", say(text)), post("/v1beta1/text:synthesize", say(ssml)),
		post("/v1/projects/p/locations/l:synthesizeLongAudio", f.shots[4].message), post("/v1/"+operation+":cancel", &longrunningpb.CancelOperationRequest{}),
		"GET /v1/voices?languageCode=en-US&prettyPrint=false HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n",
		"GET /v1/projects/p/locations/l/operations?filter=done%3Dtrue&pageSize=3 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"DELETE /v1/" + operation + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Length: 64\r\n\r\n" + `{"model":"tts-1","voice":"alloy","input":"Hi.","speed":1.0000000}`,
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
	}
	byNative := func(r *rand.Rand) { f.call(r, f.native) }
	f.ways = []func(*rand.Rand){byNative, byNative, byNative, func(r *rand.Rand) { f.call(r, f.proxied) }, f.request, f.request, f.bytes, f.frames, f.cut}
	return f
}

// dial connects a client of gRPC; headers go with every call.
func (f *fuzzer) dial(headers ...string) *grpc.ClientConn {
	conn, err := grpc.NewClient(f.castle.address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.ForceCodec(rawCodec{})),
		grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, method string, next grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
			return next(metadata.AppendToOutgoingContext(ctx, headers...), d, c, method, o...)
		}))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { conn.Close() })
	return conn
}

// rawCodec sends bytes as they are, and messages as usual.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.([]byte); ok {
		return raw, nil
	}
	return proto.Marshal(v.(proto.Message))
}

func (rawCodec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*[]byte); ok {
		*raw = data
		return nil
	}
	return proto.Unmarshal(data, v.(proto.Message))
}

func (f *fuzzer) note(code codes.Code) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[code]++
}

func (f *fuzzer) count(code codes.Code) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[code]
}

func (f *fuzzer) counts() string {
	var b strings.Builder
	for code := range codes.Unauthenticated + 1 {
		if n := f.count(code); n > 0 {
			fmt.Fprintf(&b, "%s %d, ", code, n)
		}
	}
	return strings.TrimSuffix(b.String(), ", ")
}

// call sends some messages of a method and reads to the end.
func (f *fuzzer) call(r *rand.Rand, conn *grpc.ClientConn) {
	s := f.shots[r.IntN(len(f.shots))]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, s.method, grpc.WaitForReady(true))
	if err != nil {
		f.note(status.Code(err))
		return
	}
	messages := 1
	if s.stream {
		messages += r.IntN(3)
	}
	for range messages {
		raw, err := proto.Marshal(s.message)
		if err != nil {
			f.t.Error(err)
			return
		}
		if err := stream.SendMsg(mutate(r, raw)); err != nil {
			break // the status is told to who receives
		}
	}
	if err := stream.CloseSend(); err != nil {
		f.note(status.Code(err))
		return
	}
	for {
		var answer []byte
		if err := stream.RecvMsg(&answer); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			f.note(status.Code(err))
			return
		}
	}
}

// codesOfHTTP are the codes by which answers of REST are counted.
var codesOfHTTP = map[int]codes.Code{
	200: codes.OK, 400: codes.InvalidArgument, 403: codes.PermissionDenied, 404: codes.NotFound, 405: codes.InvalidArgument, 409: codes.AlreadyExists, 429: codes.ResourceExhausted,
	499: codes.Canceled, 500: codes.Internal, 501: codes.Unimplemented, 503: codes.Unavailable, 504: codes.DeadlineExceeded,
}

// request sends a whole request whose target or body is mutated.
func (f *fuzzer) request(r *rand.Rand) {
	head, body, _ := strings.Cut(f.rest[r.IntN(len(f.rest))], "\r\n\r\n")
	method, rest, _ := strings.Cut(head, " ")
	target, _, _ := strings.Cut(rest, " ")
	if r.IntN(3) == 0 {
		target = "/" + strings.Map(func(c rune) rune {
			if c <= ' ' || c == 0x7f {
				return '_'
			}
			return c
		}, strings.ToValidUTF8(string(mutate(r, []byte(target[1:]))), "%FF"))
	}
	req, err := http.NewRequest(method, "http://"+f.castle.address+target, bytes.NewReader(mutate(r, []byte(body))))
	if err != nil {
		return // no URL at all
	}
	if r.IntN(5) == 0 {
		req.Header.Set("Content-Encoding", "gzip")
	}
	answer, err := f.http.Do(req)
	if err != nil {
		f.note(codes.Aborted)
		return
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	f.noteHTTP(answer.StatusCode)
}

func (f *fuzzer) noteHTTP(status int) {
	code, known := codesOfHTTP[status]
	if !known {
		code = codes.OutOfRange // of other statuses there are many
	}
	f.note(code)
}

// bytes sends a request of HTTP/1.1 as bytes, mutated anywhere.
func (f *fuzzer) bytes(r *rand.Rand) {
	head := make([]byte, len("HTTP/1.1 200"))
	if n := f.exchange(mutate(r, []byte(f.rest[r.IntN(len(f.rest))])), head); n == len(head) {
		var status int
		_, _ = fmt.Sscanf(string(head), "HTTP/1.1 %d", &status)
		f.noteHTTP(status)
		return
	}
	f.note(codes.Aborted)
}

// framed is a message as gRPC sends it, behind its flag and its length.
func (f *fuzzer) framed(s shot) []byte {
	message, err := proto.Marshal(s.message)
	if err != nil {
		f.t.Error(err)
	}
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
}

// framesOf is a request by HTTP/2 as a client sends it behind the preface, with more
// headers by turns of name and value.
func framesOf(path string, content []byte, headers ...string) []byte {
	var sent, block bytes.Buffer
	names := hpack.NewEncoder(&block)
	headers = append([]string{":method", "POST", ":scheme", "http", ":path", path, ":authority", "localhost", "te", "trailers"}, headers...)
	for i := 0; i < len(headers); i += 2 {
		_ = names.WriteField(hpack.HeaderField{Name: headers[i], Value: headers[i+1]})
	}
	framer := http2.NewFramer(&sent, nil)
	framer.AllowIllegalWrites = true
	_ = framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20})
	_ = framer.WriteWindowUpdate(0, 1<<24)
	_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true})
	_ = framer.WriteData(1, true, content)
	_ = framer.WritePing(false, [8]byte{})
	return sent.Bytes()
}

// frames sends HTTP/2 as bytes, mutated behind the preface: a call of gRPC or of REST.
func (f *fuzzer) frames(r *rand.Rand) {
	s := f.shots[r.IntN(len(f.shots))]
	kind := []string{"application/grpc", "application/json"}[r.IntN(2)]
	var head [9]byte
	if f.exchange(append([]byte(http2.ClientPreface), mutate(r, framesOf(s.method, f.framed(s), "content-type", kind))...), head[:]) == len(head) {
		f.note(codes.OutOfRange)
		return
	}
	f.note(codes.Aborted)
}

// cut sends a call of gRPC whose message is mutated together with its flag and length, so
// that it is cut, has more behind it, or is said to be compressed.
func (f *fuzzer) cut(r *rand.Rand) {
	s := f.shots[r.IntN(len(f.shots))]
	headers := []string{"content-type", "application/grpc"}
	if r.IntN(2) == 0 {
		headers = append(headers, "grpc-encoding", "gzip")
	}
	if r.IntN(2) == 0 {
		headers = append(headers, "x-forwarded-for", "192.0.2.1")
	}
	conn, err := net.Dial("tcp", f.castle.address)
	if err != nil {
		f.t.Error(err)
		return
	}
	defer conn.Close()
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	_, _ = conn.Write(append([]byte(http2.ClientPreface), framesOf(s.method, mutate(r, f.framed(s)), headers...)...))
	f.note(statusOf(http2.NewFramer(nil, conn)))
}

// broken is what gRPC's library says by itself of a message that it cannot take from the
// stream (DOOR-74 in docs/decisions); all else is Lectern's to say.
var broken = regexp.MustCompile(`^(unexpected EOF|EOF|grpc: .*(payload format|compressed flag|decompress).*|cardinality violation: received .* request messages? .*)$`)

// statusOf reads the answer of a call to its status; Aborted if it has none.
func statusOf(from *http2.Framer) codes.Code {
	from.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	for {
		frame, err := from.ReadFrame()
		if err != nil {
			return codes.Aborted
		}
		if headers, ok := frame.(*http2.MetaHeadersFrame); ok {
			said := map[string]string{}
			for _, h := range headers.RegularFields() {
				said[h.Name] = h.Value
			}
			code, err := strconv.Atoi(said["grpc-status"])
			switch {
			case err != nil: // the first ones, of an answer that has a message
			case codes.Code(code) == codes.Internal && broken.MatchString(said["grpc-message"]):
				return codes.DataLoss
			default:
				return codes.Code(code)
			}
		}
	}
}

// exchange sends all on a connection of its own, reads to its end, and keeps what
// comes first.
func (f *fuzzer) exchange(send, first []byte) (n int) {
	conn, err := net.Dial("tcp", f.castle.address)
	if err != nil {
		f.t.Error(err)
		return 0
	}
	defer conn.Close()
	tcp := conn.(*net.TCPConn)
	_ = tcp.SetLinger(0) // no port waits for what is under way
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write(send) // it may be refused meanwhile
	_ = tcp.CloseWrite()
	n, _ = io.ReadFull(conn, first)
	_, _ = io.Copy(io.Discard, conn)
	return n
}

// mutate changes a few places of a message, mostly.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range r.IntN(6) {
		if len(b) == 0 {
			return random(r, 20)
		}
		at := r.IntN(len(b))
		switch r.IntN(8) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			b[at] = byte(r.Uint32())
		case 2: // cut out
			b = append(b[:at:at], b[at+r.IntN(len(b)-at):]...)
		case 3: // put in
			b = append(append(b[:at:at], random(r, 12)...), b[at:]...)
		case 4: // again
			end := at + r.IntN(len(b)-at)
			b = append(append(b[:end:end], bytes.Repeat(b[at:end], 1+r.IntN(4))...), b[end:]...)
		case 5: // another length, number or name
			b = append(append(b[:at:at], [][]byte{{0xff, 0xff, 0xff, 0xff, 0x0f}, {0}, []byte("-1"), []byte("1e400"), []byte("\u202e\ud7ff"), []byte("%2F%00"), []byte("null"), []byte("]}")}[r.IntN(8)]...), b[at:]...)
		case 6:
			b = b[:at]
		case 7: // turn around
			other := r.IntN(len(b))
			b[at], b[other] = b[other], b[at]
		}
	}
	return b
}

func random(r *rand.Rand, most int) []byte {
	b := make([]byte, r.IntN(most))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
