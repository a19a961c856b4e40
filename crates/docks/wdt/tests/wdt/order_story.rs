//! order_story
