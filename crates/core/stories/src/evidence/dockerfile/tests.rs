use super::*;

fn build(file: &Dockerfile, target: Option<&str>, given: &[(&str, &str)]) -> Build {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    file.build(target, &given).unwrap()
}

fn exposed(build: &Build) -> Vec<String> {
    build.all("EXPOSE").map(|own| own.text.clone()).collect()
}

const STAGES: &str = "# syntax=docker/dockerfile:1
ARG NODE=22
FROM node:${NODE}-alpine AS base
EXPOSE 3000
FROM base AS Development
EXPOSE 9229/tcp 5353/udp
FROM --platform=$BUILDPLATFORM base as production
arg PORT=4000
ENV HTTP_PORT=$PORT \"NAME\"='a b'
Expose $PORT
healthcheck --interval=5s \\
  # not a shell comment

  CMD curl -f http://localhost:${PORT}/ready \\
    || exit 1
";

#[test]
fn a_stage_says_what_the_stages_below_it_say() {
    let file = Dockerfile::parse(STAGES);
    let development = build(&file, Some("development"), &[]);
    assert_eq!(exposed(&development), ["3000", "9229/tcp 5353/udp"]);
    assert_eq!(
        (development.base.as_str(), development.check()),
        ("node:22-alpine", None)
    );
    assert_eq!(development.other_checks.len(), 1);
    let last = build(&file, None, &[("PORT", "5000"), ("NODE", "24")]);
    assert_eq!(exposed(&last), ["3000", "5000"]);
    assert_eq!(last.base, "node:24-alpine");
    assert_eq!(last.environment["HTTP_PORT"], "5000");
    assert_eq!(last.environment["NAME"], "a b");
    let check = last.check().unwrap();
    assert_eq!((check.line, check.text.contains("/ready")), (11, true));
    assert_eq!(build(&file, Some("0"), &[]).base, "node:22-alpine");
    assert!(file.build(Some("elsewhere"), &Arguments::new()).is_none());
    assert!(
        Dockerfile::parse("")
            .build(None, &Arguments::new())
            .is_none()
    );
}

#[test]
fn lines_are_read_as_buildkit_reads_them() {
    let text = "# escape=`\nFROM a`\n:1\nRUN <<EOF\nEXPOSE 1\nEOF\nENV PORT 80\nEXPOSE ${PORT:-90}\nHEALTHCHECK none\n";
    let file = Dockerfile::parse(text);
    let build = build(&file, None, &[]);
    assert_eq!(build.base, "a:1");
    assert_eq!(
        (exposed(&build), build.check()),
        (vec!["80".to_owned()], None)
    );
    assert_eq!(build.all("RUN").next().unwrap().text, "<<EOF\nEXPOSE 1");
    assert_eq!(build.all("ENV").next().unwrap().line, 7);
}

#[test]
fn a_stage_of_a_name_that_an_image_has_too_is_the_stage() {
    let file = Dockerfile::parse("FROM alpine AS node\nEXPOSE 1\nFROM node\nFROM node\nEXPOSE 2\n");
    let build = build(&file, None, &[]);
    assert_eq!(
        (build.base.as_str(), exposed(&build)),
        ("alpine", vec!["1".into(), "2".into()])
    );
}
