//! Each fault spoils exactly what it names, on real local connections to a server that answers with what it was sent.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::carry::{Passed, Then, Verdict, Way, judge};
use super::{Fault, FaultProxy};

/// Reads each connection to its end, tells what came, and answers with it; stops when the test's process ends.
fn server() -> (SocketAddr, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (tell, told) = channel();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let mut came = Vec::new();
            let mut piece = [0; 4096];
            // Ends with the connection; what a reset took away is not counted.
            while let Ok(length @ 1..) = connection.read(&mut piece) {
                came.extend_from_slice(&piece[..length]);
            }
            drop(connection.write_all(&came));
            if tell.send(came).is_err() {
                return;
            }
        }
    });
    (address, told)
}

fn talk(proxy: &FaultProxy, sent: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut connection = TcpStream::connect(proxy.address())?;
    connection.write_all(sent)?;
    connection.shutdown(std::net::Shutdown::Write)?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    Ok(answer)
}

#[test]
fn faults_meet_connections_in_order_and_later_ones_pass() {
    let (address, came) = server();
    let proxy = FaultProxy::start(address).unwrap();
    let sent = vec![7; 50_000];
    proxy.next([
        Fault::CutRequest { after: 1000 },
        Fault::CutReply { after: 300 },
        Fault::SwallowReply { after: 40_000 },
    ]);
    drop(talk(&proxy, &sent));
    assert_eq!(came.recv().unwrap().len(), 1000);
    assert_eq!(talk(&proxy, &sent).unwrap().len(), 300);
    assert_eq!(came.recv().unwrap(), sent);
    assert_eq!(talk(&proxy, &sent).unwrap(), b"");
    assert_eq!(came.recv().unwrap(), sent, "the request arrived although its reply was lost");
    assert_eq!(talk(&proxy, &sent).unwrap(), sent);
    assert_eq!((proxy.waiting(), proxy.connections()), (0, 4));
}

#[test]
fn a_refused_connection_reaches_no_server_and_a_reset_one_is_told_apart_from_a_closed_one() {
    let (address, came) = server();
    let proxy = FaultProxy::start(address).unwrap();
    proxy.next([Fault::Refuse, Fault::Reset { after: 10 }]);
    assert!(talk(&proxy, b"hello").unwrap_or_default().is_empty());
    let error = talk(&proxy, &vec![7; 50_000]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::NotConnected),
        "{error}"
    );
    assert_eq!(came.recv().unwrap().len(), 10);
}

#[test]
fn a_held_connection_goes_on_when_it_is_released() {
    let (address, came) = server();
    let proxy = FaultProxy::start(address).unwrap();
    proxy.next([Fault::Hold { after: 5 }]);
    let answer = std::thread::scope(|scope| {
        let talking = scope.spawn(|| talk(&proxy, b"0123456789").unwrap());
        // Releases until the connection has gone on: only one that is held already hears it.
        while !talking.is_finished() {
            proxy.release();
            std::thread::yield_now();
        }
        talking.join().unwrap()
    });
    assert_eq!((answer.as_slice(), came.recv().unwrap().as_slice()), (&b"0123456789"[..], &b"0123456789"[..]));
}

#[test]
fn later_connections_go_where_the_server_came_up_again() {
    let (old, _came) = server();
    let (new, came) = server();
    let proxy = FaultProxy::start(old).unwrap();
    proxy.redirect(new);
    assert_eq!(talk(&proxy, b"again").unwrap(), b"again");
    assert_eq!(came.recv().unwrap(), b"again");
}

#[test]
fn the_byte_at_which_a_fault_begins_is_exact() {
    let at = |request| Passed { request, reply: 0 };
    let cut = Fault::CutRequest { after: 100 };
    assert_eq!(judge(cut, at(0), (Way::Request, 100)), Verdict { forward: 100, then: Then::GoOn });
    assert_eq!(judge(cut, at(60), (Way::Request, 41)), Verdict { forward: 40, then: Then::Cut });
    assert_eq!(judge(cut, at(60), (Way::Reply, 4000)), Verdict { forward: 4000, then: Then::GoOn });
    let swallow = Fault::SwallowReply { after: 100 };
    assert_eq!(judge(swallow, at(100), (Way::Reply, 9)), Verdict { forward: 9, then: Then::GoOn });
    assert_eq!(judge(swallow, at(101), (Way::Reply, 9)), Verdict { forward: 0, then: Then::Swallow });
}
