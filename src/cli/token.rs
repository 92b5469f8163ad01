//! `zorgkaart token`: an access token for somebody on the map.

use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use uuid::Uuid;

use super::output;
use crate::{
    app,
    auth::Subject,
    care::id::ProviderId,
    clock::Clock,
    config::Config,
    graphql::id::GlobalId,
    store::{Database, Dataset},
};

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    PassportHolder,
    Provider,
    Zorgkantoor,
    Kenniscentrum,
}

/// Prints only the token on stdout.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart token --role passport-holder --passport DEMO-0001
  zorgkaart token --role provider --provider provider_0193a1f0...
  zorgkaart token --role zorgkantoor --region ZK23 --ttl 1h
  zorgkaart token --role kenniscentrum")]
pub(super) struct Options {
    /// Whose token
    #[arg(long, value_enum, env = "ZORGKAART_TOKEN_ROLE")]
    role: Role,
    /// The number of a passport, for a passport holder
    #[arg(long, value_name = "NUMBER", env = "ZORGKAART_TOKEN_PASSPORT")]
    passport: Option<String>,
    /// The id of a provider, as the API shows it, for its staff
    #[arg(long, value_name = "ID", env = "ZORGKAART_TOKEN_PROVIDER")]
    provider: Option<String>,
    /// The code of a region, for a zorgkantoor; may be given more than once
    #[arg(long = "region", value_name = "CODE", env = "ZORGKAART_TOKEN_REGION", value_delimiter = ',')]
    regions: Vec<String>,
    /// How long it lives: 90s, 15m, 1h (at most 1h)
    #[arg(long, default_value = "15m", env = "ZORGKAART_TOKEN_TTL", value_parser = lifetime)]
    ttl: TimeDelta,
}

fn lifetime(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "a whole number with s, m or h, such as 15m".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let number: i64 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    let seconds = match unit {
        's' => Some(number),
        'm' => number.checked_mul(60),
        'h' => number.checked_mul(3600),
        _ => None,
    };
    seconds.filter(|seconds| (1..=3600).contains(seconds)).map(TimeDelta::seconds).ok_or_else(wrong)
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let database = Database::connect(&config.main_database()?.existing(), 1).await.context(
        "a token is for somebody in the database; run `zorgkaart migrate`, `seed` or `serve` with the same \
         --data-dir or --database-url first",
    )?;
    let clock = Dataset::read(&database)
        .await
        .context("the database has no tables yet; run `zorgkaart migrate` first")?
        .demo_clock
        .map_or(Clock::System, Clock::standing_on);
    let subject = subject(&database, options).await?;
    let token = app::authority(config)?.issue(&subject, clock.now(), options.ttl, Uuid::now_v7())?;
    output::result(&token);
    Ok(())
}

async fn subject(database: &Database, options: &Options) -> anyhow::Result<Subject> {
    let given = (options.passport.as_deref(), options.provider.as_deref(), options.regions.as_slice());
    Ok(match (options.role, given) {
        (Role::PassportHolder, (Some(number), None, [])) => {
            let id = database.passport_by_number(number).await?;
            Subject::PassportHolder(id.with_context(|| format!("there is no passport {number}"))?)
        }
        (Role::Provider, (None, Some(id), [])) => Subject::Provider(provider(database, id).await?),
        (Role::Zorgkantoor, (None, None, [_, ..])) => {
            for code in &options.regions {
                if !database.has_region(code).await? {
                    bail!("there is no zorgkantoorregio {code}; they are ZK01 to ZK31");
                }
            }
            Subject::Zorgkantoor(options.regions.clone())
        }
        (Role::Kenniscentrum, (None, None, [])) => Subject::Kenniscentrum,
        (Role::PassportHolder, _) => bail!("a passport holder's token needs --passport NUMBER and nothing else"),
        (Role::Provider, _) => bail!("a provider's token needs --provider ID and nothing else"),
        (Role::Zorgkantoor, _) => bail!("a zorgkantoor's token needs --region CODE and nothing else"),
        (Role::Kenniscentrum, _) => bail!("the kenniscentrum's token needs neither passport, provider nor region"),
    })
}

async fn provider(database: &Database, text: &str) -> anyhow::Result<ProviderId> {
    let Some(GlobalId::Provider(id)) = GlobalId::parse(text) else {
        bail!("{text} is not the id of a provider; the API shows them, such as provider_0193a1f0...");
    };
    if !database.has_provider(id).await? {
        bail!("there is no provider {text}");
    }
    Ok(id)
}
