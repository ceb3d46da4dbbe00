"""Reads `-o otlp` with Google's protobuf and the messages of opentelemetry-proto: an unknown name is an error."""

import json
import sys
from pathlib import Path

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

STATUS = ["unset", "ok", "error"]

for path in map(Path, sys.argv[1:]):
    lines = path.read_text().splitlines()
    spans, widths = [], set()
    for line in lines:
        for key, width in (("traceId", 32), ("spanId", 16), ("parentSpanId", 16)):
            for span in json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]:
                if key in span:
                    assert len(bytes.fromhex(span[key])) * 2 == width, span[key]
        # In the JSON of OTLP ids are hexadecimal; this reader takes their digits for Base64, and gets other bytes.
        request = json_format.Parse(line, ExportTraceServiceRequest(), ignore_unknown_fields=False)
        wire = request.SerializeToString()
        assert ExportTraceServiceRequest.FromString(wire) == request
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                spans.extend(scope.spans)
    root = [span for span in spans if not span.parent_span_id]
    ids = {span.span_id for span in spans}
    assert len(ids) == len(spans) and all(not s.parent_span_id or s.parent_span_id in ids for s in spans)
    count = [sum(span.status.code == code for span in spans) for code in range(3)]
    told = ", ".join(f"{number} {word}" for number, word in zip(count, STATUS))
    words = {a.key: a.value.string_value for a in root[0].attributes}
    print(f"{path.name}: {len(lines)} request, {len(spans)} spans ({told}), {sum(len(s.events) for s in spans)} events")
    print(f"  root: {root[0].name}, {words['gonogo.verdict']}: {root[0].status.message or '-'}")
