//! Who holds how many connections: no single address may hold so many that nobody else gets one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

/// Connections by address.
#[derive(Clone)]
pub(super) struct Places {
    limit: usize,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection's place; free again when dropped.
pub(super) struct Place {
    places: Places,
    address: IpAddr,
}

impl Places {
    /// At most `limit` for each address; 0 = any number.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, held: Arc::default() }
    }

    /// A place for this address, if it has not too many.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let mut held = self.held.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let count = held.entry(address).or_default();
        if self.limit > 0 && *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.held.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(count) = held.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let (places, address) = (Places::new(2), IpAddr::from([127, 0, 0, 1]));
        let one = places.take(address);
        let two = places.take(address);
        assert!(one.is_some() && two.is_some() && places.take(address).is_none());
        assert!(places.take(IpAddr::from([127, 0, 0, 2])).is_some());
        drop(one);
        let again = places.take(address);
        assert!(again.is_some());
        drop((again, two));
        assert!(places.held.lock().unwrap().is_empty());
        let any = Places::new(0);
        let many: Vec<_> = (0..10).map(|_| any.take(address)).collect();
        assert!(many.iter().all(Option::is_some));
    }
}
