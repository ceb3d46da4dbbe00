# An image with gonogo, the roots of certificate authorities, and nothing else: docker build -t gonogo .
#
# A gate is mounted and judged: docker run --rm -v "$PWD:/gate:ro" gonogo check
FROM rust:1.95-bookworm AS build
# The base image names the release of Debian, and its mirrors keep no old versions.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates musl-tools \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /source
COPY . .
RUN target="$(uname -m)-unknown-linux-musl" \
 && CC=musl-gcc cargo build --locked --release --package gonogo --target "$target" \
 && cp "target/$target/release/gonogo" /gonogo

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /gonogo /usr/bin/gonogo
# Nobody: a gate needs no rights.
USER 65534:65534
WORKDIR /gate
ENTRYPOINT ["/usr/bin/gonogo"]
CMD ["check"]
