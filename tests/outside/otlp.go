// Reads `-o otlp` with the OpenTelemetry collector's own decoder, and takes a push as its receiver does.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// root says what the first span is, and that every other hangs below it.
func root(traces ptrace.Traces) string {
	spans := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	first, known := spans.At(0), map[string]bool{}
	for i := range spans.Len() {
		span := spans.At(i)
		if span.TraceID() != first.TraceID() || span.SpanID().IsEmpty() {
			panic("a span of another trace, or without an id")
		}
		if i > 0 && !known[span.ParentSpanID().String()] {
			panic("a span that hangs nowhere")
		}
		known[span.SpanID().String()] = true
	}
	verdict, _ := first.Attributes().Get("gonogo.verdict")
	return fmt.Sprintf("%d spans, %s, %s, status %s", spans.Len(), first.Name(), verdict.Str(), first.Status().Code())
}

func main() {
	gonogo := os.Args[1]
	for _, name := range os.Args[2:] {
		lines := bufio.NewScanner(must(os.Open(name)))
		lines.Buffer(nil, 8<<20)
		for lines.Scan() {
			traces := must((&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes()))
			fmt.Printf("%s: %s\n", filepath.Base(name), root(traces))
		}
	}
	for _, rejected := range []int64{0, 2} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			request := ptraceotlp.NewExportRequest()
			if err := request.UnmarshalJSON(must(io.ReadAll(r.Body))); err != nil {
				panic(err)
			}
			fmt.Printf("%s %s, %s: %s\n", r.Method, r.URL.Path, r.Header.Get("Content-Type"), root(request.Traces()))
			response := ptraceotlp.NewExportResponse()
			response.PartialSuccess().SetRejectedSpans(rejected)
			w.Header().Set("Content-Type", "application/json")
			w.Write(must(response.MarshalJSON()))
		}))
		run := exec.Command(gonogo, "probe", "command", "[true]", "-q", "-o", "otlp="+server.URL+"/v1/traces")
		run.Run()
		fmt.Printf("  %d rejected: exit code %d\n", rejected, run.ProcessState.ExitCode())
		server.Close()
	}
}
