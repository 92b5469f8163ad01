//! Pieces that the tables share.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, timestamp_with_time_zone},
};

/// A text column that holds one of `words`.
pub(crate) fn one_of(name: &'static str, words: &[&'static str]) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.string_len(40).not_null().check(Expr::col(name).is_in(words.iter().copied()));
    column
}

/// Adds what every row that people edit carries: the optimistic lock, and who changed it when.
pub(crate) fn edited(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table
        .col(integer("version").default(1).check(Expr::col("version").gte(1)))
        .col(timestamp_with_time_zone("updated_at"))
        .col(string("updated_by"))
}

/// A foreign key to the primary key of `to`. Rows of a parent that goes take their details with them only where
/// `details` is true: everything else is withdrawn, never deleted.
pub(crate) fn references(
    column: &'static str,
    to: &'static str,
    key: &'static str,
    details: bool,
) -> ForeignKeyCreateStatement {
    let mut foreign = ForeignKey::create();
    foreign.from_col(column).to(to, key);
    foreign.on_delete(if details { ForeignKeyAction::Cascade } else { ForeignKeyAction::Restrict });
    foreign
}

/// Makes an index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Drops `tables` in the given order.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
