//! The help of every command, found by asking each command for the ones below it: a new command is a difference.

use end_to_end::process::{AGENT, SERVER, run};

use super::frozen;

#[test]
fn the_help_of_every_command_of_the_agent_is_what_was_agreed() {
    let commands = commands(AGENT);
    assert!(commands.len() > 20, "the commands below commands are found: {commands:?}");
    frozen("help of registry-agent", &together(AGENT, &commands), None);
}

#[test]
fn the_help_of_every_command_of_the_register_is_what_was_agreed() {
    let commands = commands(SERVER);
    assert!(commands.len() > 10, "the commands below commands are found: {commands:?}");
    frozen("help of registry-server", &together(SERVER, &commands), None);
}

/// The words of every command of a program, from the program itself down.
pub(super) fn commands(program: &str) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut asked = 0;
    while asked < found.len() {
        let words: Vec<String> = found[asked].clone();
        let further = below(&help(program, &words));
        found.extend(further.into_iter().map(|word| [words.clone(), vec![word]].concat()));
        asked += 1;
    }
    found
}

/// What a command says of itself.
pub(super) fn help(program: &str, words: &[String]) -> String {
    let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    run(program, None, &arguments).unwrap().expect(&[0]).unwrap().stdout
}

/// The first words of the section of commands in a help.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let section = lines.take_while(|line| !line.is_empty());
    let names = section
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")));
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn together(program: &str, commands: &[Vec<String>]) -> String {
    let one = |words: &Vec<String>| {
        let line = [&[program.to_owned()], words.as_slice(), &["--help".to_owned()]].concat().join(" ");
        format!("$ {line}\n\n{}", help(program, words))
    };
    commands.iter().map(one).collect::<Vec<_>>().join("\n\n")
}
