//! Which CI this is, by the variables that each documents.

use std::path::{Path, PathBuf};

use gonogo_report::formats::Place;

use crate::world::World;

/// A CI that gonogo knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// GitHub Actions, and what takes its commands.
    GitHub,
    /// GitLab CI/CD.
    GitLab,
    /// Azure Pipelines.
    Azure,
    /// Buildkite.
    Buildkite,
    /// TeamCity.
    TeamCity,
    /// CircleCI.
    CircleCi,
    /// Jenkins.
    Jenkins,
}

impl Provider {
    /// Every provider, in the order in which they are looked for.
    pub const ALL: [Self; 7] = [
        Self::GitHub,
        Self::GitLab,
        Self::Azure,
        Self::Buildkite,
        Self::TeamCity,
        Self::CircleCi,
        // Some agents of others are told of a Jenkins: it comes last.
        Self::Jenkins,
    ];

    /// Returns the name of the format that it reads in its log.
    #[must_use]
    pub const fn format(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("github"),
            Self::Azure => Some("azure"),
            Self::TeamCity => Some("teamcity"),
            Self::GitLab | Self::Buildkite | Self::CircleCi | Self::Jenkins => None,
        }
    }

    fn is_here(self, env: &Env<'_>) -> bool {
        let is_true = |name| {
            env.get(name)
                .is_some_and(|v| v.eq_ignore_ascii_case("true"))
        };
        match self {
            Self::GitHub => is_true("GITHUB_ACTIONS"),
            Self::GitLab => is_true("GITLAB_CI"),
            Self::Azure => is_true("TF_BUILD"),
            Self::Buildkite => is_true("BUILDKITE"),
            Self::TeamCity => env.get("TEAMCITY_VERSION").is_some(),
            Self::CircleCi => is_true("CIRCLECI"),
            Self::Jenkins => env.get("JENKINS_URL").is_some(),
        }
    }

    /// Returns the variable that names the folder of the repository.
    const fn root(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("GITHUB_WORKSPACE"),
            Self::GitLab => Some("CI_PROJECT_DIR"),
            Self::Azure => Some("BUILD_SOURCESDIRECTORY"),
            Self::Buildkite => Some("BUILDKITE_BUILD_CHECKOUT_PATH"),
            Self::Jenkins => Some("WORKSPACE"),
            Self::TeamCity | Self::CircleCi => None,
        }
    }

    /// Returns the variables that name the run of a pipeline, which all its jobs share.
    ///
    /// A job that is run again belongs to the same run: how old its evidence may be is another question.
    const fn run(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["GITHUB_RUN_ID"],
            Self::GitLab => &["CI_PIPELINE_ID"],
            Self::Azure => &["BUILD_BUILDID"],
            Self::Buildkite => &["BUILDKITE_BUILD_ID"],
            Self::CircleCi => &["CIRCLE_WORKFLOW_ID"],
            Self::Jenkins => &["BUILD_TAG"],
            // Its builds of one chain have no name in common.
            Self::TeamCity => &[],
        }
    }

    /// Returns the variables that name a job, a commit and a branch; the first that is set counts.
    const fn names(self) -> [&'static [&'static str]; 3] {
        match self {
            Self::GitHub => [
                &[],
                &["GITHUB_SHA"],
                &["GITHUB_HEAD_REF", "GITHUB_REF_NAME"],
            ],
            Self::GitLab => [
                &["CI_JOB_URL", "CI_JOB_ID"],
                &["CI_COMMIT_SHA"],
                &["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"],
            ],
            Self::Azure => [
                &["BUILD_BUILDID"],
                &["BUILD_SOURCEVERSION"],
                &["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
            ],
            Self::Buildkite => [
                &["BUILDKITE_BUILD_URL", "BUILDKITE_JOB_ID"],
                &["BUILDKITE_COMMIT"],
                &["BUILDKITE_BRANCH"],
            ],
            Self::TeamCity => [
                &["BUILD_URL", "BUILD_NUMBER"],
                &["BUILD_VCS_NUMBER"],
                &["BUILD_BRANCH"],
            ],
            Self::CircleCi => [
                &["CIRCLE_BUILD_URL", "CIRCLE_WORKFLOW_JOB_ID"],
                &["CIRCLE_SHA1"],
                &["CIRCLE_BRANCH"],
            ],
            Self::Jenkins => [
                &["BUILD_URL", "BUILD_TAG"],
                &["GIT_COMMIT"],
                &["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"],
            ],
        }
    }
}

/// The CI of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ci {
    /// Which it is.
    pub provider: Provider,
    /// The address of the job, or its number.
    pub job: Option<String>,
    /// The run of the pipeline, which its jobs share, where the CI names it.
    pub run: Option<String>,
    /// The commit it is at.
    pub commit: Option<String>,
    /// The branch it is at.
    pub branch: Option<String>,
    /// The folder of the repository, and the one this run is made in.
    root: Option<PathBuf>,
    pub(super) folder: PathBuf,
    /// GitHub's file for the summary of a step.
    pub(super) summary: Option<PathBuf>,
    /// GitHub's file for the outputs of a step.
    pub(super) outputs: Option<PathBuf>,
    /// A folder of the job for files that are to be taken up: Azure's.
    pub(super) temporary: Option<PathBuf>,
}

/// Returns the CI that this run is part of, if it is one that gonogo knows.
#[must_use]
pub fn detect(world: &World) -> Option<Ci> {
    let env = Env(world);
    let provider = Provider::ALL.into_iter().find(|p| p.is_here(&env))?;
    let [job, commit, branch] = provider.names();
    let path = |name: &str| env.get(name).map(PathBuf::from);
    let of = |owner, name: &str| path(name).filter(|_| provider == owner);
    let job = match provider {
        Provider::GitHub => github_job(&env),
        Provider::Azure => azure_job(&env).or_else(|| env.first(job)),
        _ => env.first(job),
    };
    Some(Ci {
        provider,
        job,
        run: env.first(provider.run()),
        commit: env.first(commit),
        branch: branch_of(provider, env.first(branch), &env),
        root: provider
            .root()
            .and_then(path)
            .map(|root| real(world, &root)),
        folder: real(world, Path::new(".")),
        summary: of(Provider::GitHub, "GITHUB_STEP_SUMMARY"),
        outputs: of(Provider::GitHub, "GITHUB_OUTPUT"),
        temporary: of(Provider::Azure, "AGENT_TEMPDIRECTORY"),
    })
}

impl Ci {
    /// Returns where in its repository the run is made.
    #[must_use]
    pub fn place(&self) -> Option<Place<'_>> {
        Some(Place {
            root: self.root.as_deref()?,
            folder: &self.folder,
        })
    }
}

/// Returns the branch that a CI means; a tag is none.
fn branch_of(provider: Provider, named: Option<String>, env: &Env<'_>) -> Option<String> {
    let is_tag = match provider {
        Provider::GitHub => env.get("GITHUB_REF_TYPE").is_some_and(|t| t == "tag"),
        Provider::GitLab => env.get("CI_COMMIT_TAG").is_some(),
        Provider::Buildkite => env.get("BUILDKITE_TAG").is_some(),
        Provider::Jenkins => env.get("TAG_NAME").is_some(),
        Provider::Azure | Provider::TeamCity | Provider::CircleCi => false,
    };
    let named = named.filter(|_| !is_tag)?;
    match (named.strip_prefix("refs/heads/"), provider) {
        (Some(branch), _) => Some(branch.to_owned()),
        (None, _) if named.starts_with("refs/") => None,
        // The plugin for git names the branch of the server it came from.
        (None, Provider::Jenkins) => {
            let bare = named.strip_prefix("origin/").unwrap_or(&named);
            Some(bare.to_owned())
        }
        (None, _) => Some(named),
    }
}

/// Returns the address of a run on GitHub.
fn github_job(env: &Env<'_>) -> Option<String> {
    let run = env.get("GITHUB_RUN_ID")?;
    let Some((server, repository)) = env
        .get("GITHUB_SERVER_URL")
        .zip(env.get("GITHUB_REPOSITORY"))
    else {
        return Some(run);
    };
    let mut address = format!("{server}/{repository}/actions/runs/{run}");
    if let Some(attempt) = env.get("GITHUB_RUN_ATTEMPT") {
        address.push_str(&format!("/attempts/{attempt}"));
    }
    Some(address)
}

/// Returns the address of a build on Azure.
fn azure_job(env: &Env<'_>) -> Option<String> {
    let server = env.get("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")?;
    let project = env.get("SYSTEM_TEAMPROJECT")?.replace(' ', "%20");
    let build = env.get("BUILD_BUILDID")?;
    let server = server.trim_end_matches('/');
    Some(format!("{server}/{project}/_build/results?buildId={build}"))
}

/// Returns a path without links; as it is when it cannot be had.
fn real(world: &World, path: &Path) -> PathBuf {
    (world.real_path)(path).unwrap_or_else(|_| path.to_owned())
}

struct Env<'w>(&'w World);

impl Env<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0.env)(name).filter(|value| !value.is_empty())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(variables: &'static [(&'static str, &'static str)]) -> World {
        World {
            env: Box::new(move |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            }),
            real_path: Box::new(|path| Ok(Path::new("/repo/deploy").join(path))),
            ..World::real()
        }
    }

    fn told(variables: &'static [(&'static str, &'static str)]) -> [String; 4] {
        let ci = detect(&world(variables)).unwrap();
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        [
            format!("{:?}", ci.provider),
            or_none(ci.job),
            or_none(ci.commit),
            or_none(ci.branch),
        ]
    }

    #[test]
    fn each_ci_is_known_by_its_variables() {
        for (variables, wanted) in JOBS {
            assert_eq!(told(variables), wanted);
        }
    }

    #[test]
    fn a_branch_has_its_whole_name_and_a_tag_is_none() {
        for (variables, branch) in BRANCHES {
            assert_eq!(told(variables)[3], branch, "{variables:?}");
        }
    }

    const BRANCHES: [(&[(&str, &str)], &str); 8] = [
        (
            &[
                ("TF_BUILD", "True"),
                ("BUILD_SOURCEBRANCH", "refs/heads/feature/cart"),
            ],
            "feature/cart",
        ),
        (
            &[
                ("TF_BUILD", "True"),
                ("BUILD_SOURCEBRANCH", "refs/pull/7/merge"),
                ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/cart"),
            ],
            "cart",
        ),
        (
            &[("TF_BUILD", "True"), ("BUILD_SOURCEBRANCH", "refs/tags/v1")],
            "none",
        ),
        (
            &[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_REF_TYPE", "tag"),
                ("GITHUB_REF_NAME", "v1"),
            ],
            "none",
        ),
        (
            &[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_REF_TYPE", "branch"),
                ("GITHUB_REF_NAME", "7/merge"),
                ("GITHUB_HEAD_REF", "cart"),
            ],
            "cart",
        ),
        (
            &[
                ("GITLAB_CI", "true"),
                ("CI_COMMIT_TAG", "v1"),
                ("CI_COMMIT_REF_NAME", "v1"),
            ],
            "none",
        ),
        (
            &[
                ("JENKINS_URL", "https://x"),
                ("GIT_BRANCH", "origin/feature/cart"),
            ],
            "feature/cart",
        ),
        (
            &[
                ("BUILDKITE", "true"),
                ("BUILDKITE_TAG", "v1"),
                ("BUILDKITE_BRANCH", "v1"),
            ],
            "none",
        ),
    ];

    #[test]
    fn a_variable_that_says_no_is_no_ci() {
        for variables in [
            &[("CI", "true")][..],
            &[("GITHUB_ACTIONS", "false")],
            &[("GITLAB_CI", "")],
            &[("JENKINS_URL", "")],
        ] {
            assert_eq!(detect(&world(variables)), None);
        }
    }

    /// The variables of a job, and what is known by them: the CI, the job, the commit, the branch.
    type Job = (&'static [(&'static str, &'static str)], [&'static str; 4]);

    const JOBS: [Job; 7] = [
        (
            &[
                ("CI", "true"),
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "acme/shop"),
                ("GITHUB_RUN_ID", "17"),
                ("GITHUB_RUN_ATTEMPT", "2"),
                ("GITHUB_SHA", "8c709bd"),
                ("GITHUB_REF_NAME", "main"),
                ("JENKINS_URL", "https://other"),
            ],
            [
                "GitHub",
                "https://github.com/acme/shop/actions/runs/17/attempts/2",
                "8c709bd",
                "main",
            ],
        ),
        (
            &[
                ("GITLAB_CI", "true"),
                ("CI_JOB_URL", "https://gitlab.com/acme/shop/-/jobs/7"),
                ("CI_COMMIT_SHA", "8c709bd"),
                ("CI_COMMIT_REF_NAME", "main"),
            ],
            [
                "GitLab",
                "https://gitlab.com/acme/shop/-/jobs/7",
                "8c709bd",
                "main",
            ],
        ),
        (
            &[
                ("TF_BUILD", "True"),
                (
                    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
                    "https://dev.azure.com/acme/",
                ),
                ("SYSTEM_TEAMPROJECT", "the shop"),
                ("BUILD_BUILDID", "42"),
                ("BUILD_SOURCEVERSION", "8c709bd"),
                ("BUILD_SOURCEBRANCH", "refs/heads/main"),
            ],
            [
                "Azure",
                "https://dev.azure.com/acme/the%20shop/_build/results?buildId=42",
                "8c709bd",
                "main",
            ],
        ),
        (
            &[
                ("BUILDKITE", "true"),
                (
                    "BUILDKITE_BUILD_URL",
                    "https://buildkite.com/acme/shop/builds/1",
                ),
                ("BUILDKITE_COMMIT", "8c709bd"),
                ("BUILDKITE_BRANCH", "main"),
            ],
            [
                "Buildkite",
                "https://buildkite.com/acme/shop/builds/1",
                "8c709bd",
                "main",
            ],
        ),
        (
            &[
                ("TEAMCITY_VERSION", "2026.1"),
                ("BUILD_NUMBER", "9"),
                ("BUILD_VCS_NUMBER", "8c709bd"),
            ],
            ["TeamCity", "9", "8c709bd", "none"],
        ),
        (
            &[
                ("CIRCLECI", "true"),
                ("CIRCLE_BUILD_URL", "https://circleci.com/gh/acme/shop/3"),
                ("CIRCLE_SHA1", "8c709bd"),
                ("CIRCLE_BRANCH", "main"),
            ],
            [
                "CircleCi",
                "https://circleci.com/gh/acme/shop/3",
                "8c709bd",
                "main",
            ],
        ),
        (
            &[
                ("JENKINS_URL", "https://ci.example.com/"),
                ("BUILD_URL", "https://ci.example.com/job/shop/5/"),
                ("GIT_COMMIT", "8c709bd"),
                ("BRANCH_NAME", "main"),
            ],
            [
                "Jenkins",
                "https://ci.example.com/job/shop/5/",
                "8c709bd",
                "main",
            ],
        ),
    ];
}
