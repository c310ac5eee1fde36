# syntax=docker/dockerfile:1
# Two stages: the machine that builds, and the few libraries that the program needs. Non-root, and nothing
# but /var/cache/tiphys is ever written: run it with a read-only root file system.
FROM debian:bookworm AS build
WORKDIR /src
COPY tools/setup tools/setup
RUN tools/setup
COPY . .
RUN make release && strip build/release/tiphys

FROM debian:bookworm-slim
RUN --mount=type=bind,source=tools/setup-runtime,target=/tmp/setup-runtime /tmp/setup-runtime
COPY --from=build /src/build/release/tiphys /usr/local/bin/tiphys
USER 65532:65532
VOLUME /var/cache/tiphys
EXPOSE 8082
ENTRYPOINT ["/usr/local/bin/tiphys"]
CMD ["controller"]
